"""Chapter 4: how fast and how well samples are drawn, beside other ways of drawing them, all in one run."""

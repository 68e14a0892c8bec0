"""Chapter 3: announcement, project plan, meetings and evidence in advance."""

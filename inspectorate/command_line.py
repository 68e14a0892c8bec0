"""The rules of the manual without the website: dates, sample sizes, draws, ratings and packs at a prompt."""

# Other ways to draw, with the package "sampling": Rscript peers.R LIST.csv METHOD SIZE DRAWS
# The list has the columns gender, sentence, rosh, area, team, stratum. Writes for each draw: milliseconds, then rows.
suppressPackageStartupMessages(library(sampling))
given <- commandArgs(trailingOnly = TRUE)
listed <- read.csv(given[1])
method <- given[2]
size <- as.integer(given[3])
draws <- as.integer(given[4])
people <- nrow(listed)
chance <- rep(size / people, people)
values <- function(column) model.matrix(~ factor(column) - 1)
variables <- cbind(values(listed$gender), values(listed$sentence)[, -1], values(listed$rosh)[, -1])
listed <- listed[order(listed$stratum), ]
due <- size * table(listed$stratum) / people
cases <- floor(due)
more <- order(cases - due)[seq_len(size - sum(cases))]
cases[more] <- cases[more] + 1
# A stratum that gives no case must not be there.
some <- listed[listed$stratum %in% as.integer(names(cases))[cases > 0], ]
plain <- function() some$row[strata(some, "stratum", as.vector(cases[cases > 0]), method = "srswor")$ID_unit]
balanced <- function() {
  which(balancedstratification(variables[, -1], unordered$area + 1, chance, comment = FALSE) > 0.5) - 1
}
cube <- function() which(samplecube(cbind(variables, values(unordered$area)[, -1]), chance, comment = FALSE) > 0.5) - 1
unordered <- listed[order(listed$row), ]
draw <- list(strata = plain, balancedstratification = balanced, samplecube = cube)[[method]]
for (number in seq_len(draws)) {
  set.seed(number)
  started <- Sys.time()
  rows <- draw()
  took <- 1000 * as.numeric(difftime(Sys.time(), started, units = "secs"))
  cat(took, rows, "\n")
}

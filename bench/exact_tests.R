# The exact tests of R's packages coin and exactRankTests and of R itself, each timed within this one process.
#
# Rscript bench/exact_tests.R CASES LIMIT reads the lines of CASES (place, test, n, data, columns) and prints, parted
# by tabs: "program", name, version or "missing"; then "answer", place, who, p, calls, and the seconds by the clock and
# of CPU of three runs of so many calls. A call that would take longer than LIMIT seconds, going by the size before
# it, is said to be left out, with the seconds foreseen.

arguments <- commandArgs(trailingOnly = TRUE)
LIMIT <- as.numeric(arguments[2])
GROWTH <- 4 # measured: from 50 to 100 values the time of wilcox.exact and perm.test grows sixteenfold
LEAST <- 0.02

out <- function(...) {
  cat(..., sep = "\t")
  cat("\n")
  flush(stdout())
}

has <- function(name) suppressWarnings(suppressPackageStartupMessages(require(name, character.only = TRUE, quietly = TRUE)))
out("program", "R", paste(R.version$major, R.version$minor, sep = "."))
for (name in c("coin", "exactRankTests")) out("program", name, if (has(name)) format(packageVersion(name)) else "missing")

samples <- function(case) list(values = unlist(case$columns), group = factor(rep(seq_along(case$columns), lengths(case$columns))))
flips <- function(d) {
  n <- length(d)
  list(y = c(d, rep(0, n)), time = factor(rep(1:2, each = n)), subject = factor(rep(seq_len(n), 2)))
}
signed <- function(zeros) function(case) {
  d <- case$columns[[1]]
  coin::pvalue(coin::wilcoxsign_test(d ~ rep(0, length(d)), distribution = "exact", zero.method = zeros))
}
untied <- function(test) function(case) if (case$data == "untied") test(case)

PEERS <- list(
  "signed rank" = list(
    coin = signed("Wilcoxon"),
    exactRankTests = function(case) exactRankTests::wilcox.exact(case$columns[[1]], exact = TRUE)$p.value,
    "R stats" = untied(function(case) wilcox.test(case$columns[[1]], exact = TRUE)$p.value)
  ),
  "signed rank, Pratt" = list(coin = signed("Pratt")),
  "permutation, paired" = list(
    coin = function(case) coin::pvalue(coin::symmetry_test(y ~ time | subject, data = flips(case$columns[[1]]), distribution = "exact")),
    exactRankTests = function(case) exactRankTests::perm.test(case$columns[[1]], exact = TRUE)$p.value
  ),
  "sign test" = list(
    coin = function(case) {
      d <- case$columns[[1]]
      coin::pvalue(coin::sign_test(d ~ rep(0, length(d)), distribution = "exact"))
    },
    "R stats" = function(case) binom.test(sum(case$columns[[1]] > 0), sum(case$columns[[1]] != 0))$p.value
  ),
  "rank sum" = list(
    coin = function(case) coin::pvalue(coin::wilcox_test(values ~ group, data = samples(case), distribution = "exact")),
    exactRankTests = function(case) exactRankTests::wilcox.exact(case$columns[[1]], case$columns[[2]], exact = TRUE)$p.value,
    "R stats" = untied(function(case) wilcox.test(case$columns[[1]], case$columns[[2]], exact = TRUE)$p.value)
  ),
  "permutation, unpaired" = list(
    coin = function(case) coin::pvalue(coin::oneway_test(values ~ group, data = samples(case), distribution = "exact")),
    exactRankTests = function(case) exactRankTests::perm.test(case$columns[[1]], case$columns[[2]], exact = TRUE)$p.value
  ),
  Fisher = list("R stats" = function(case) fisher.test(do.call(rbind, case$columns))$p.value)
)

read_case <- function(line) {
  words <- strsplit(line, "\t")[[1]]
  columns <- lapply(strsplit(words[5], "|", fixed = TRUE)[[1]], function(text) as.integer(strsplit(text, " ")[[1]]))
  list(place = words[1], test = words[2], n = as.numeric(words[3]), data = words[4], columns = columns)
}

time_call <- function(call) {
  clock <- function(calls) system.time(for (turn in seq_len(calls)) p <<- call(), gcFirst = FALSE)
  p <- NULL
  gc(FALSE)
  once <- clock(1)
  if (is.null(p) || once[["elapsed"]] > 0.3) return(list(p = p, calls = 1, runs = list(once)))
  calls <- 1
  while ((took <- clock(calls)[["elapsed"]]) < LEAST) { # the clock of R counts milliseconds
    calls <- ceiling(calls * max(2, min(20, 1.2 * LEAST / max(took, 0.001))))
  }
  list(p = p, calls = calls, runs = lapply(1:3, function(run) clock(calls)))
}

before <- list()
answer <- function(case, who) {
  call <- function() PEERS[[case$test]][[who]](case)
  key <- paste(case$test, case$data, who)
  last <- before[[key]]
  foreseen <- if (is.null(last)) 0 else last$seconds * (case$n / last$n)^GROWTH
  if (foreseen > LIMIT) return(out("foreseen", case$place, who, round(foreseen)))
  timed <- tryCatch(time_call(call), error = function(problem) gsub("[\t\n]", " ", conditionMessage(problem)))
  if (is.character(timed)) return(out("refused", case$place, who, timed))
  if (is.null(timed$p)) return(invisible())
  walls <- vapply(timed$runs, function(run) run[["elapsed"]], 0)
  cpus <- vapply(timed$runs, function(run) run[["user.self"]] + run[["sys.self"]], 0)
  before[[key]] <<- list(n = case$n, seconds = median(walls) / timed$calls)
  out("answer", case$place, who, format(as.numeric(timed$p), digits = 15), timed$calls, paste(walls, collapse = " "), paste(cpus, collapse = " "))
}

for (line in readLines(arguments[1])) {
  case <- read_case(line)
  for (who in names(PEERS[[case$test]])) {
    if (who == "R stats" || isNamespaceLoaded(who)) answer(case, who)
  }
}
out("done")

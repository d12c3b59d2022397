# Makes exact_r_cross_check.csv, the numbers of test_stats_against_r.py. From the root of the repository:
#   apt-get install r-base-core r-cran-coin r-cran-exactranktests r-cran-vcd
#   Rscript tests/reference/make_r_cross_check.R > tests/reference/exact_r_cross_check.csv
# Only numbers leave this script: its packages (all GPL) are no part of firstbreath.
# Fields: check, case, first, second, option, values. Several values of a field are parted by a space, rows of a
# table by a slash; three values of a test are two-sided, greater, less.
suppressPackageStartupMessages({
  library(coin)
  library(vcd)
})
suppressWarnings(suppressPackageStartupMessages(library(exactRankTests)))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20220408)
ALTERNATIVES <- c("two.sided", "greater", "less")

say <- function(check, case, first, second = "", option = "", values) {
  numbers <- paste(vapply(as.numeric(values), format, "", digits = 11), collapse = " ")
  cat(check, case, paste(first, collapse = " "), paste(second, collapse = " "), option, numbers, sep = ",")
  cat("\n")
}

each <- function(test) vapply(ALTERNATIVES, test, numeric(1))

# Two programmes for one number: it goes out only if they agree.
both <- function(one, other) {
  stopifnot(all(abs(one - other) < 1e-10))
  one
}

version_line <- paste0(
  "# ", R.version.string, "; coin ", packageVersion("coin"), ", exactRankTests ", packageVersion("exactRankTests"),
  ", vcd ", packageVersion("vcd")
)
cat(version_line, "# Made by make_r_cross_check.R, which says what the fields are.", sep = "\n")
cat("\ncheck,case,first,second,option,values\n")

signed <- function(d, zeros) {
  each(function(a) {
    pvalue(wilcoxsign_test(d ~ rep(0, length(d)), distribution = "exact", zero.method = zeros, alternative = a))
  })
}

swapped <- function(d) {
  n <- length(d)
  changes <- data.frame(y = c(d, rep(0, n)), time = factor(rep(1:2, each = n)), subject = factor(rep(1:n, 2)))
  each(function(a) {
    pvalue(symmetry_test(y ~ time | subject, data = changes, distribution = "exact", alternative = a))
  })
}

for (case in 1:20) {
  n <- sample(5:25, 1)
  d <- sample(-4:6, n, TRUE)
  other <- each(function(a) wilcox.exact(d, alternative = a, exact = TRUE)$p.value)
  say("signed_rank", case, d, option = "wilcoxon", values = both(signed(d, "Wilcoxon"), other))
  say("signed_rank", case, d, option = "pratt", values = signed(d, "Pratt"))
  other <- each(function(a) perm.test(d, alternative = a, exact = TRUE)$p.value)
  say("permutation", case, d, values = both(swapped(d), other))
  moved <- sum(d != 0)
  say("sign_test", case, d, values = each(function(a) binom.test(sum(d > 0), moved, alternative = a)$p.value))
}

for (case in 1:20) {
  x <- sample(0:8, sample(4:13, 1), TRUE)
  y <- sample(1:10, sample(4:13, 1), TRUE)
  values <- c(x, y)
  group <- factor(rep(c("x", "y"), c(length(x), length(y))))
  ranks <- each(function(a) pvalue(wilcox_test(values ~ group, distribution = "exact", alternative = a)))
  other <- each(function(a) wilcox.exact(x, y, alternative = a, exact = TRUE)$p.value)
  say("rank_sum", case, x, y, values = both(ranks, other))
  means <- each(function(a) pvalue(oneway_test(values ~ group, distribution = "exact", alternative = a)))
  other <- each(function(a) perm.test(x, y, alternative = a, exact = TRUE)$p.value)
  say("permutation", case, x, y, values = both(means, other))
  thirds <- factor(rep(1:3, length.out = length(values)))
  parts <- paste(vapply(split(values, thirds), paste, "", collapse = " "), collapse = "/")
  say("kruskal_wallis_h", case, parts, values = kruskal.test(values, thirds)$statistic)
  blocks <- matrix(sample(0:6, 4 * length(x), TRUE), ncol = 4)
  rows <- paste(apply(blocks, 1, paste, collapse = " "), collapse = "/")
  say("friedman_chi_squared", case, rows, values = friedman.test(blocks)$statistic)
}

for (case in 1:10) {
  d <- sample(c(-1, 1), 1) * sample(c(-1, 1, 1), 6 + case, TRUE) * sample(1:60, 6 + case)
  found <- wilcox.test(d, exact = TRUE, conf.int = TRUE)
  say("hodges_lehmann", case, d, option = "0.95", values = c(found$estimate, found$conf.int))
  both_samples <- sample(1:60, 9 + case)
  x <- both_samples[1:(3 + case %/% 2)]
  y <- both_samples[-seq_along(x)]
  found <- wilcox.test(x, y, exact = TRUE, conf.int = TRUE, conf.level = 0.9)
  say("hodges_lehmann", case, x, y, option = "0.9", values = c(found$estimate, found$conf.int))
}

PROBABILITIES <- c(0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
for (case in 1:5) {
  values <- sample(0:40, 5 + 2 * case, TRUE) / 2
  for (type in 1:9) {
    say("quantile", case, values, PROBABILITIES, type, quantile(values, PROBABILITIES, type = type, names = FALSE))
  }
}

for (case in 1:20) {
  n <- sample(5:40, 1)
  k <- if (case < 3) c(0, n)[case] else sample(0:n, 1)
  say("clopper_pearson", case, k, n, "0.95", binom.test(k, n)$conf.int)
}

SHAPES <- list(c(2, 2), c(2, 3), c(3, 3), c(3, 4), c(2, 5), c(4, 4))
for (case in 1:18) {
  shape <- SHAPES[[(case - 1) %/% 3 + 1]]
  table <- matrix(rpois(prod(shape), 2.2) + (runif(prod(shape)) < 0.2), shape[1])
  rows <- paste(apply(table, 1, paste, collapse = " "), collapse = "/")
  two_by_two <- identical(shape, c(2, 2))
  alternatives <- if (two_by_two) ALTERNATIVES else "two.sided"
  ps <- vapply(alternatives, function(a) fisher.test(table, alternative = a)$p.value, numeric(1))
  say("fisher_exact", case, rows, values = ps)
}

for (case in 1:8) {
  counts <- sample(0:12, 4, TRUE)
  say("mcnemar", case, counts, values = binom.test(counts[2], counts[2] + counts[3])$p.value)
}

for (case in 1:8) {
  ps <- round(rbeta(3 + case, 0.4, 2), 4)
  if (case %% 2 == 0) ps[2] <- ps[1]
  for (method in c("holm", "hochberg")) say(method, case, ps, values = p.adjust(ps, method))
}

for (case in 1:6) {
  size <- 2 + case %/% 2
  table <- matrix(rpois(size^2, 1.5), size) + diag(sample(2:6, size, TRUE))
  rows <- paste(apply(table, 1, paste, collapse = " "), collapse = "/")
  say("kappa", case, rows, option = "", values = Kappa(table)$Unweighted["value"])
  say("kappa", case, rows, option = "linear", values = Kappa(table)$Weighted["value"])
  say("kappa", case, rows, option = "quadratic", values = Kappa(table, weights = "Fleiss-Cohen")$Weighted["value"])
}

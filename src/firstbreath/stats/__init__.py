"""Exact statistics for tiny numbers: arrays in, frozen values out; never a file, never a clock.

Three names to know: `signed_rank` (and its fellows: an exact p with its natural fraction, such as 2/128),
`endpoint` (the whole block of a before-and-after endpoint in one call) and `attainable` (can this printed p
come from that test at that n?). Every name below can be imported from here.
This room must never approximate in silence, never draw at random unless asked, and never call a printed
number impossible unless that is proved.
"""

from firstbreath.stats.agreement import agreement, render_agreement
from firstbreath.stats.answers import Interval, MonteCarlo, PValue, render_p
from firstbreath.stats.arrays import compute_differences
from firstbreath.stats.attaining import attainable, render_attainable
from firstbreath.stats.bland_altman import bland_altman, limits_of_agreement
from firstbreath.stats.coherence import check_count_percentage, check_counts, check_interval, check_p_interval
from firstbreath.stats.consistency import check_grim, check_grimmer, check_median_granularity, check_percentage
from firstbreath.stats.endpoint_answers import Endpoint
from firstbreath.stats.endpoint_words import render_endpoint
from firstbreath.stats.endpoints import endpoint
from firstbreath.stats.fisher import fisher_exact
from firstbreath.stats.interval_methods import find_interval_methods
from firstbreath.stats.intraclass import intraclass
from firstbreath.stats.kappa import kappa, kappa_of_table
from firstbreath.stats.medians import median_interval, render_median_iqr
from firstbreath.stats.missing import missing_bounds
from firstbreath.stats.multiplicity import hochberg, holm
from firstbreath.stats.paired_proportions import compare_paired, paired_proportions
from firstbreath.stats.permutation import permutation_mean
from firstbreath.stats.posteriors import chance_of_seeing, posterior_above, subjects_to_see
from firstbreath.stats.proportions import binomial_interval, rate_bounds
from firstbreath.stats.quantiles import compute_quantile, compute_quartiles
from firstbreath.stats.ranks import rank_sum, sign_test, sign_test_of_counts, signed_rank
from firstbreath.stats.reconstructed import render_reconstruction
from firstbreath.stats.reconstructed_change import reconstruct_change
from firstbreath.stats.reconstruction import reconstruct
from firstbreath.stats.refusals import NotComputable, TooLarge
from firstbreath.stats.resampling import cluster_bootstrap
from firstbreath.stats.several_groups import friedman, kruskal_wallis
from firstbreath.stats.shifts import hodges_lehmann, rank_biserial

__all__ = [
    "Endpoint",
    "Interval",
    "MonteCarlo",
    "NotComputable",
    "PValue",
    "TooLarge",
    "agreement",
    "attainable",
    "binomial_interval",
    "bland_altman",
    "chance_of_seeing",
    "check_count_percentage",
    "check_counts",
    "check_grim",
    "check_grimmer",
    "check_interval",
    "check_median_granularity",
    "check_p_interval",
    "check_percentage",
    "cluster_bootstrap",
    "compare_paired",
    "compute_differences",
    "compute_quantile",
    "compute_quartiles",
    "endpoint",
    "find_interval_methods",
    "fisher_exact",
    "friedman",
    "hochberg",
    "hodges_lehmann",
    "holm",
    "intraclass",
    "kappa",
    "kappa_of_table",
    "kruskal_wallis",
    "limits_of_agreement",
    "median_interval",
    "missing_bounds",
    "paired_proportions",
    "permutation_mean",
    "posterior_above",
    "rank_biserial",
    "rank_sum",
    "rate_bounds",
    "reconstruct",
    "reconstruct_change",
    "render_agreement",
    "render_attainable",
    "render_endpoint",
    "render_median_iqr",
    "render_p",
    "render_reconstruction",
    "sign_test",
    "sign_test_of_counts",
    "signed_rank",
    "subjects_to_see",
]

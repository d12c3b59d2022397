"""The whole `stats` group: every command of it in one place."""

from firstbreath.cli import stats_blocks, stats_hidden, stats_papers, stats_rates
from firstbreath.cli.stats import stats

__all__ = ["stats"]

for command in (*stats_rates.COMMANDS, *stats_papers.COMMANDS, *stats_hidden.COMMANDS, *stats_blocks.COMMANDS):
    stats.add_command(command)

#include "services/polling/opinions/opinion_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <tuple>
#include <utility>

#include "services/polling/opinions/clusters.h"
#include "services/polling/opinions/components.h"

namespace veche::polling::opinions {
namespace {

// Coordinates as integers: sums over people do not depend on the order of people.
constexpr double kScale = 1 << 20;
// People are clustered by the cells of a grid over the plane, so that the time is bounded.
constexpr int kGrid = 28;

struct Spot {
  int64_t x = 0;
  int64_t y = 0;
};

struct Cell {
  int64_t people = 0;
  int64_t x = 0, y = 0;  // sums
  int point = -1;        // into Cells::points
};

// The people who are clustered, by cell.
struct Cells {
  std::vector<WeightedPoint> points;
  std::vector<int> point_of;  // by person; -1: too few votes
};

std::vector<int> StatementsByKey(const VoteMatrix& matrix) {
  std::vector<int> order(matrix.statements());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return matrix.statement_key(a) < matrix.statement_key(b); });
  return order;
}

// Projects each person on the two axes. People who voted on few statements stand near the middle
// only because votes are missing, so their distance grows by √(statements / votes), as in Polis.
std::vector<Spot> Project(const VoteMatrix& matrix, absl::Span<const int> order,
                          const Components& components) {
  // What each vote (-1, 0, 1, missing) adds.
  std::vector<std::array<std::array<double, 2>, 4>> steps(order.size());
  for (const int i : order) {
    for (int vote = -1; vote <= 1; ++vote) {
      for (int axis = 0; axis < 2; ++axis) {
        steps[i][vote + 1][axis] = (vote - components.means[i]) * components.axes[axis][i];
      }
    }
  }
  std::vector<Spot> spots(matrix.people());
  for (int person = 0; person < matrix.people(); ++person) {
    if (matrix.vote_count(person) == 0) continue;
    const absl::Span<const int8_t> votes = matrix.votes(person);
    double x = 0, y = 0;
    for (const int i : order) {
      const std::array<double, 2>& step = steps[i][votes[i] + 1];
      x += step[0];
      y += step[1];
    }
    const double scale =
        kScale * std::sqrt(double(matrix.statements()) / matrix.vote_count(person));
    spots[person] = {std::llround(scale * x), std::llround(scale * y)};
  }
  return spots;
}

Cells CellsOf(const VoteMatrix& matrix, const std::vector<Spot>& spots, int least_votes) {
  const auto counted = [&](int person) { return matrix.vote_count(person) >= least_votes; };
  Spot low{INT64_MAX, INT64_MAX}, high{INT64_MIN, INT64_MIN};
  for (int i = 0; i < matrix.people(); ++i) {
    if (!counted(i)) continue;
    low = {std::min(low.x, spots[i].x), std::min(low.y, spots[i].y)};
    high = {std::max(high.x, spots[i].x), std::max(high.y, spots[i].y)};
  }
  const auto index = [](int64_t at, int64_t from, int64_t to) {
    return (at - from) * kGrid / (to - from + 1);
  };
  std::vector<Cell> grid(kGrid * kGrid);
  Cells cells{.point_of = std::vector<int>(matrix.people(), -1)};
  for (int i = 0; i < matrix.people(); ++i) {
    if (!counted(i)) continue;
    const int64_t at = index(spots[i].y, low.y, high.y) * kGrid + index(spots[i].x, low.x, high.x);
    cells.point_of[i] = static_cast<int>(at);
    ++grid[at].people;
    grid[at].x += spots[i].x;
    grid[at].y += spots[i].y;
  }
  for (Cell& cell : grid) {
    if (cell.people == 0) continue;
    cell.point = static_cast<int>(cells.points.size());
    const double people = static_cast<double>(cell.people);
    cells.points.push_back({cell.x / people / kScale, cell.y / people / kScale, people});
  }
  for (int& cell : cells.point_of) {
    if (cell >= 0) cell = grid[cell].point;
  }
  return cells;
}

struct Chosen {
  std::vector<Group> groups;
  std::vector<int> group_of;  // by point; -1: its group is too small
  double silhouette = 0;
};

// The reported groups of a clustering, largest first.
Chosen Report(absl::Span<const WeightedPoint> points, const Clustering& clustering,
              int least_size) {
  std::vector<std::pair<Group, int>> groups;  // and the cluster
  for (size_t c = 0; c < clustering.xs.size(); ++c) {
    groups.push_back({{.x = clustering.xs[c], .y = clustering.ys[c]}, static_cast<int>(c)});
  }
  for (size_t i = 0; i < points.size(); ++i) {
    groups[clustering.clusters[i]].first.size += static_cast<int64_t>(points[i].weight);
  }
  std::sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
    return std::make_tuple(-a.first.size, a.first.x, a.first.y) <
           std::make_tuple(-b.first.size, b.first.x, b.first.y);
  });
  Chosen chosen;
  std::vector<int> number(groups.size(), -1);
  for (const auto& [group, cluster] : groups) {
    if (group.size < least_size) continue;
    number[cluster] = static_cast<int>(chosen.groups.size());
    chosen.groups.push_back(group);
  }
  for (const int cluster : clustering.clusters) chosen.group_of.push_back(number[cluster]);
  return chosen;
}

// Clusters into 2 … most groups and chooses by the silhouette, among those with at least two
// reported groups if there are any. Without a clear division all people are one group.
Chosen ChooseGroups(absl::Span<const WeightedPoint> points, const MapOptions& options) {
  const std::vector<Clustering> clusterings = ClusterUpTo(points, options.most_groups);
  const std::vector<double> silhouettes = Silhouettes(points, clusterings);
  const auto quality = [](const Chosen& chosen) {
    return std::make_pair(std::min<size_t>(chosen.groups.size(), 2), chosen.silhouette);
  };
  Chosen best;
  double silhouette = 0;
  for (size_t i = 0; i < clusterings.size(); ++i) {
    silhouette = std::max(silhouette, silhouettes[i]);
    if (i > 0 && silhouettes[i] < options.least_silhouette) continue;
    Chosen chosen = Report(points, clusterings[i], options.least_group_size);
    chosen.silhouette = silhouettes[i];
    if (i == 0 || quality(chosen) > quality(best)) best = std::move(chosen);
  }
  if (best.groups.size() < 2) best.silhouette = silhouette;
  return best;
}

void CountVotes(const VoteMatrix& matrix, OpinionMap& map) {
  const auto add = [](VoteCounts& counts, int8_t vote) {
    counts.agree += vote == 1;
    counts.pass += vote == 0;
    counts.disagree += vote == -1;
  };
  for (int i = 0; i < matrix.statements(); ++i) {
    const int64_t agree = (matrix.squares(i) + matrix.sum(i)) / 2;
    const int64_t disagree = matrix.squares(i) - agree;
    map.statements.push_back({.statement = i,
                              .all = {agree, disagree, matrix.count(i) - agree - disagree},
                              .groups = std::vector<VoteCounts>(map.groups.size())});
  }
  for (int person = 0; person < matrix.people(); ++person) {
    const int group = map.places[person].group;
    if (group < 0) continue;
    const absl::Span<const int8_t> votes = matrix.votes(person);
    for (int i = 0; i < matrix.statements(); ++i) add(map.statements[i].groups[group], votes[i]);
  }
}

void CompareGroups(StatementOpinion& statement) {
  double least = 1, most = 0;
  statement.agree_consensus = statement.disagree_consensus = statement.groups.empty() ? 0 : 1;
  for (const VoteCounts& votes : statement.groups) {
    const auto smoothed = [&](int64_t count) {
      return (count + 1.0) / (votes.agree + votes.disagree + votes.pass + 2.0);
    };
    statement.agree_consensus *= smoothed(votes.agree);
    statement.disagree_consensus *= smoothed(votes.disagree);
    least = std::min(least, smoothed(votes.agree));
    most = std::max(most, smoothed(votes.agree));
  }
  if (statement.groups.size() >= 2) statement.division = most - least;
}

// Statements by a falling measure; equals by key.
template <typename Measure>
std::vector<int> Ranked(const OpinionMap& map, absl::Span<const int> by_key, Measure measure) {
  std::vector<int> ranked;
  for (const int i : by_key) {
    const auto& groups = map.statements[i].groups;
    const bool any = std::any_of(groups.begin(), groups.end(), [](const VoteCounts& votes) {
      return votes.agree + votes.disagree + votes.pass > 0;
    });
    if (any) ranked.push_back(i);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [&](int a, int b) {
    return measure(map.statements[a]) > measure(map.statements[b]);
  });
  return ranked;
}

}  // namespace

OpinionMap ComputeOpinionMap(const VoteMatrix& matrix, const MapOptions& options) {
  const std::vector<int> order = StatementsByKey(matrix);
  const std::vector<Spot> spots = Project(matrix, order, PrincipalComponents(matrix, order));
  const Cells cells =
      CellsOf(matrix, spots, std::max(1, std::min(options.least_votes, matrix.statements())));
  Chosen chosen = ChooseGroups(cells.points, options);

  OpinionMap map{.groups = std::move(chosen.groups), .silhouette = chosen.silhouette};
  for (int i = 0; i < matrix.people(); ++i) {
    const int point = cells.point_of[i];
    map.places.push_back(
        {spots[i].x / kScale, spots[i].y / kScale, point < 0 ? -1 : chosen.group_of[point]});
  }
  CountVotes(matrix, map);
  for (StatementOpinion& statement : map.statements) CompareGroups(statement);
  map.uniting = Ranked(map, order, [](const StatementOpinion& statement) {
    return std::max(statement.agree_consensus, statement.disagree_consensus);
  });
  map.dividing = Ranked(map, order, [](const StatementOpinion& s) { return s.division; });
  return map;
}

}  // namespace veche::polling::opinions

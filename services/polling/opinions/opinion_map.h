#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "services/polling/opinions/vote_matrix.h"

// The opinion map of a discussion, as in Polis (Small et al., "Polis: Scaling Deliberation by
// Mapping High Dimensional Opinion Spaces", 2021): groups of people who vote alike, statements that
// unite the groups and statements that divide them. Pure. docs/experiments/opinion-map.md has the
// method and its figures.

namespace veche::polling::opinions {

struct MapOptions {
  int least_votes = 7;       // people with fewer votes (of as many statements) are in no group
  int least_group_size = 5;  // smaller groups are not reported; their people are in no group
  int most_groups = 5;
  // Random votes of 200 people or more give silhouettes of 0.33 to 0.40. Below this, all people are
  // one group.
  double least_silhouette = 0.4;
};

struct VoteCounts {
  int64_t agree = 0;
  int64_t disagree = 0;
  int64_t pass = 0;
};

struct Place {
  double x = 0;    // along the first principal component
  double y = 0;    // along the second
  int group = -1;  // into OpinionMap::groups; -1: in no group
};

struct Group {
  int64_t size = 0;
  double x = 0, y = 0;  // the mean of its people's places
};

struct StatementOpinion {
  int statement = 0;               // index in the matrix
  VoteCounts all;                  // of all people, with those in no group
  std::vector<VoteCounts> groups;  // by group
  // Group-informed consensus: the product over the groups of the smoothed share
  // (agree + 1) / (votes + 2), and the same for disagree.
  double agree_consensus = 0;
  double disagree_consensus = 0;
  // The difference between the largest and the smallest smoothed share of agreement; 0 with fewer
  // than two groups.
  double division = 0;
};

struct OpinionMap {
  std::vector<Group> groups;  // largest first; empty: too few people or votes
  double silhouette = 0;      // of the best division into two groups or more, -1..1; 0: none
  std::vector<Place> places;  // by person
  std::vector<StatementOpinion> statements;  // by statement
  // Indexes of statements on which anybody of a group voted. Ties: by the statement's key.
  std::vector<int> uniting;   // by the larger of both consensuses, largest first
  std::vector<int> dividing;  // by division, largest first
};

// Computes the map from the sums of the matrix: the same votes give the same map, in whatever order
// people, statements and votes were added. 10,000 people × 200 statements take less than 50 ms.
OpinionMap ComputeOpinionMap(const VoteMatrix& matrix, const MapOptions& options = {});

}  // namespace veche::polling::opinions

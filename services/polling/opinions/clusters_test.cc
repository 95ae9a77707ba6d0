// k-means against all partitions of a few points, silhouettes against their definition.

#include "services/polling/opinions/clusters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace veche::polling::opinions {
namespace {

// Points in camps on a grid, `gap` apart; the noise is below 2.
std::vector<WeightedPoint> RandomPoints(std::mt19937& random, int size, int camps, double gap) {
  std::vector<WeightedPoint> points;
  for (int i = 0; i < size; ++i) {
    const double noise_x = (random() % 1000) / 500.0, noise_y = (random() % 1000) / 500.0;
    const int camp = i % camps;
    points.push_back(
        {noise_x + gap * (camp % 2), noise_y + (camp >= 2 ? gap : 0), 1.0 + random() % 3});
  }
  return points;
}

double Inertia(const std::vector<WeightedPoint>& points, const std::vector<int>& clusters, int k) {
  std::vector<double> x(k), y(k), w(k);
  for (size_t i = 0; i < points.size(); ++i) {
    w[clusters[i]] += points[i].weight;
    x[clusters[i]] += points[i].weight * points[i].x;
    y[clusters[i]] += points[i].weight * points[i].y;
  }
  double inertia = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const int c = clusters[i];
    inertia += points[i].weight *
               (std::pow(points[i].x - x[c] / w[c], 2) + std::pow(points[i].y - y[c] / w[c], 2));
  }
  return inertia;
}

// The least inertia of all assignments.
double Optimum(const std::vector<WeightedPoint>& points, int k) {
  std::vector<int> clusters(points.size());
  double best = std::numeric_limits<double>::infinity();
  while (true) {
    best = std::min(best, Inertia(points, clusters, k));
    size_t i = 0;
    while (i < clusters.size() && ++clusters[i] == k) clusters[i++] = 0;
    if (i == clusters.size()) return best;
  }
}

TEST(ClustersTest, CampsAreTheOptimumOfAllPartitions) {
  std::mt19937 random(1);
  for (int round = 0; round < 40; ++round) {
    const auto points = RandomPoints(random, 8, 3, 6);
    const std::vector<Clustering> found = ClusterUpTo(points, 3);
    ASSERT_EQ(found.size(), 3u);
    EXPECT_NEAR(found[2].inertia, Optimum(points, 3), 1e-9);
  }
}

TEST(ClustersTest, NearTheOptimumOfAllPartitionsWithoutCamps) {
  std::mt19937 random(1);
  int optimal = 0, all = 0;
  for (int round = 0; round < 40; ++round) {
    const auto points = RandomPoints(random, 8, 3, 1);
    const std::vector<Clustering> found = ClusterUpTo(points, 3);
    for (int k = 1; k <= 3; ++k) {
      EXPECT_NEAR(found[k - 1].inertia, Inertia(points, found[k - 1].clusters, k), 1e-9);
      const double optimum = Optimum(points, k);
      ++all;
      optimal += found[k - 1].inertia < optimum + 1e-9;
      EXPECT_LE(found[k - 1].inertia, 2 * optimum + 1e-9);
    }
  }
  EXPECT_GE(optimal, all * 75 / 100) << "of " << all;
}

TEST(ClustersTest, FewerClustersForFewerDistinctPoints) {
  EXPECT_TRUE(ClusterUpTo({}, 5).empty());
  EXPECT_EQ(ClusterUpTo(std::vector<WeightedPoint>(4, {1, 2, 1}), 5).size(), 1u);
  const std::vector<Clustering> two = ClusterUpTo(std::vector<WeightedPoint>{{0, 0}, {4, 0}}, 5);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[1].inertia, 0);
}

// By the definition, each person a point of their own.
double SlowSilhouette(const std::vector<WeightedPoint>& points, const Clustering& clustering) {
  std::vector<size_t> people;
  for (size_t i = 0; i < points.size(); ++i)
    people.insert(people.end(), size_t(points[i].weight), i);
  double sum = 0;
  for (size_t me = 0; me < people.size(); ++me) {
    std::vector<double> distance(clustering.xs.size()), size(clustering.xs.size());
    for (size_t other = 0; other < people.size(); ++other) {
      if (other == me) continue;
      const WeightedPoint &a = points[people[me]], &b = points[people[other]];
      distance[clustering.clusters[people[other]]] += std::hypot(a.x - b.x, a.y - b.y);
      ++size[clustering.clusters[people[other]]];
    }
    const int own = clustering.clusters[people[me]];
    if (size[own] == 0) continue;
    double outside = std::numeric_limits<double>::infinity();
    for (size_t c = 0; c < size.size(); ++c) {
      if (static_cast<int>(c) != own) outside = std::min(outside, distance[c] / size[c]);
    }
    const double inside = distance[own] / size[own];
    sum += (outside - inside) / std::max(outside, inside);
  }
  return sum / double(people.size());
}

TEST(ClustersTest, SilhouettesEqualTheDefinition) {
  std::mt19937 random(2);
  for (int round = 0; round < 20; ++round) {
    const auto points = RandomPoints(random, 30, 4, 3);
    const std::vector<Clustering> clusterings = ClusterUpTo(points, 5);
    const std::vector<double> silhouettes = Silhouettes(points, clusterings);
    EXPECT_EQ(silhouettes[0], 0);
    for (size_t k = 1; k < clusterings.size(); ++k) {
      EXPECT_NEAR(silhouettes[k], SlowSilhouette(points, clusterings[k]), 1e-9);
    }
  }
}

}  // namespace
}  // namespace veche::polling::opinions

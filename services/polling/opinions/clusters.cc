#include "services/polling/opinions/clusters.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

namespace veche::polling::opinions {
namespace {

constexpr int kMostIterations = 100;
constexpr int kMostSwaps = 10;
constexpr double kLeastGain = 1e-9;  // of a swap, as a share of the inertia

double SquaredDistance(double ax, double ay, double bx, double by) {
  return (ax - bx) * (ax - bx) + (ay - by) * (ay - by);
}

// Assigns each point to its nearest centre, the first of equals. Sets the inertia. Returns whether
// an assignment changed.
bool Assign(absl::Span<const WeightedPoint> points, Clustering& clustering) {
  bool changed = false;
  clustering.inertia = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    int nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (size_t c = 0; c < clustering.xs.size(); ++c) {
      const double distance =
          SquaredDistance(points[i].x, points[i].y, clustering.xs[c], clustering.ys[c]);
      if (distance < least) {
        least = distance;
        nearest = static_cast<int>(c);
      }
    }
    changed |= clustering.clusters[i] != nearest;
    clustering.clusters[i] = nearest;
    clustering.inertia += points[i].weight * least;
  }
  return changed;
}

// Moves each centre to the mean of its points.
void MoveCentres(absl::Span<const WeightedPoint> points, Clustering& clustering) {
  const size_t size = clustering.xs.size();
  std::vector<double> xs(size), ys(size), weights(size);
  for (size_t i = 0; i < points.size(); ++i) {
    const int c = clustering.clusters[i];
    weights[c] += points[i].weight;
    xs[c] += points[i].weight * points[i].x;
    ys[c] += points[i].weight * points[i].y;
  }
  for (size_t c = 0; c < size; ++c) {
    if (weights[c] == 0) continue;
    clustering.xs[c] = xs[c] / weights[c];
    clustering.ys[c] = ys[c] / weights[c];
  }
}

void Refine(absl::Span<const WeightedPoint> points, Clustering& clustering) {
  for (int i = 0; i < kMostIterations && Assign(points, clustering); ++i) {
    MoveCentres(points, clustering);
  }
  Assign(points, clustering);
}

// The point that would lower the inertia most as a further centre, or -1 if none would.
int BestNewCentre(absl::Span<const WeightedPoint> points, const Clustering& clustering) {
  std::vector<double> now(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    const int c = clustering.clusters[i];
    now[i] = SquaredDistance(points[i].x, points[i].y, clustering.xs[c], clustering.ys[c]);
  }
  int best = -1;
  double most = 0;
  for (size_t candidate = 0; candidate < points.size(); ++candidate) {
    double gain = 0;
    for (size_t i = 0; i < points.size(); ++i) {
      const double then =
          SquaredDistance(points[i].x, points[i].y, points[candidate].x, points[candidate].y);
      gain += points[i].weight * std::max(0.0, now[i] - then);
    }
    if (gain > most) {
      most = gain;
      best = static_cast<int>(candidate);
    }
  }
  return best;
}

// Adds the best new centre and refines. False if none lowers the inertia.
bool AddCentre(absl::Span<const WeightedPoint> points, Clustering& clustering) {
  const int centre = BestNewCentre(points, clustering);
  if (centre < 0) return false;
  clustering.xs.push_back(points[centre].x);
  clustering.ys.push_back(points[centre].y);
  Refine(points, clustering);
  return true;
}

// Moves single centres to the best new place while this lowers the inertia.
void SwapCentres(absl::Span<const WeightedPoint> points, Clustering& clustering) {
  for (int swaps = 0, c = 0; swaps < kMostSwaps && c < static_cast<int>(clustering.xs.size());) {
    Clustering other = clustering;
    other.xs.erase(other.xs.begin() + c);
    other.ys.erase(other.ys.begin() + c);
    Assign(points, other);
    if (AddCentre(points, other) && other.inertia < clustering.inertia * (1 - kLeastGain)) {
      clustering = std::move(other);
      ++swaps;
      c = 0;
    } else {
      ++c;
    }
  }
}

}  // namespace

std::vector<Clustering> ClusterUpTo(absl::Span<const WeightedPoint> points, int most) {
  std::vector<Clustering> clusterings;
  if (points.empty() || most < 1) return clusterings;
  Clustering clustering{.clusters = std::vector<int>(points.size())};
  clustering.xs = clustering.ys = {0};
  MoveCentres(points, clustering);
  Assign(points, clustering);
  clusterings.push_back(clustering);
  while (static_cast<int>(clusterings.size()) < most) {
    if (!AddCentre(points, clustering)) break;
    SwapCentres(points, clustering);
    clusterings.push_back(clustering);
  }
  return clusterings;
}

std::vector<double> Silhouettes(absl::Span<const WeightedPoint> points,
                                absl::Span<const Clustering> clusterings) {
  struct Sums {
    std::vector<double> weights;    // by cluster
    std::vector<double> distances;  // from one point, by cluster
  };
  std::vector<Sums> sums(clusterings.size());
  double people = 0;
  for (size_t c = 0; c < clusterings.size(); ++c) {
    sums[c].weights.resize(clusterings[c].xs.size());
    for (size_t i = 0; i < points.size(); ++i) {
      sums[c].weights[clusterings[c].clusters[i]] += points[i].weight;
    }
  }
  std::vector<double> silhouettes(clusterings.size());
  for (size_t i = 0; i < points.size(); ++i) {
    people += points[i].weight;
    for (Sums& sum : sums) sum.distances.assign(sum.weights.size(), 0);
    for (size_t j = 0; j < points.size(); ++j) {
      const double distance =
          points[j].weight *
          std::sqrt(SquaredDistance(points[i].x, points[i].y, points[j].x, points[j].y));
      for (size_t c = 0; c < clusterings.size(); ++c) {
        sums[c].distances[clusterings[c].clusters[j]] += distance;
      }
    }
    for (size_t c = 0; c < clusterings.size(); ++c) {
      const int own = clusterings[c].clusters[i];
      if (sums[c].weights[own] <= 1) continue;
      const double inside = sums[c].distances[own] / (sums[c].weights[own] - 1);
      double outside = std::numeric_limits<double>::infinity();
      for (size_t other = 0; other < sums[c].weights.size(); ++other) {
        if (static_cast<int>(other) == own || sums[c].weights[other] == 0) continue;
        outside = std::min(outside, sums[c].distances[other] / sums[c].weights[other]);
      }
      const double larger = std::max(inside, outside);
      if (std::isinf(outside) || larger == 0) continue;
      silhouettes[c] += points[i].weight * (outside - inside) / larger;
    }
  }
  for (double& silhouette : silhouettes) silhouette /= std::max(people, 1.0);
  return silhouettes;
}

}  // namespace veche::polling::opinions

#include "services/appeals/storage/old_cell.h"

#include <algorithm>
#include <cmath>

// The cells of S2 (s2geometry.io/devguide/s2cell_hierarchy): the earth is projected onto the six
// faces of a cube, and a Hilbert curve numbers the 2^30 by 2^30 cells of each.

namespace veche::appeals {
namespace {

constexpr int kLevels = 30;
constexpr int kSwap = 1;
constexpr int kInvert = 2;
// For each orientation of the curve: the position of the quarter (i, j), given as 2 i + j.
constexpr int kPosition[4][4] = {{0, 1, 3, 2}, {0, 3, 1, 2}, {2, 3, 1, 0}, {2, 1, 3, 0}};
constexpr int kTurn[4] = {kSwap, 0, 0, kInvert + kSwap};  // per position: the curve inside it

struct FacePoint {
  int face;
  double u, v;
};

FacePoint Project(double x, double y, double z) {
  const double ax = std::abs(x), ay = std::abs(y), az = std::abs(z);
  if (ax > ay && ax > az) return x > 0 ? FacePoint{0, y / x, z / x} : FacePoint{3, z / x, y / x};
  if (ay > az) return y > 0 ? FacePoint{1, -x / y, z / y} : FacePoint{4, z / y, -x / y};
  return z > 0 ? FacePoint{2, -x / z, -y / z} : FacePoint{5, -y / z, -x / z};
}

// A coordinate of -1..1 on a face as one of its 2^30 rows.
int Row(double u) {
  const double s = u >= 0 ? std::sqrt(1 + 3 * u) / 2 : 1 - std::sqrt(1 - 3 * u) / 2;
  constexpr int kRows = 1 << kLevels;
  return static_cast<int>(std::clamp(std::floor(s * kRows), 0.0, kRows - 1.0));
}

}  // namespace

int64_t OldCellId(const geo::LatLng& point) {
  const double latitude = point.latitude * M_PI / 180, longitude = point.longitude * M_PI / 180;
  const FacePoint on_face = Project(std::cos(latitude) * std::cos(longitude),
                                    std::cos(latitude) * std::sin(longitude), std::sin(latitude));
  const int i = Row(on_face.u), j = Row(on_face.v);
  auto id = static_cast<uint64_t>(on_face.face);
  int orientation = on_face.face & kSwap;
  for (int level = kLevels - 1; level >= 0; --level) {
    const int position = kPosition[orientation][(i >> level & 1) * 2 + (j >> level & 1)];
    id = id << 2 | static_cast<uint64_t>(position);
    orientation ^= kTurn[position];
  }
  return static_cast<int64_t>(id << 1 | 1);
}

}  // namespace veche::appeals

#include "services/appeals/storage/old_cell.h"

#include <gtest/gtest.h>

namespace veche::appeals {
namespace {

// The results of S2 0.10: S2CellId(S2LatLng::FromDegrees(latitude, longitude)).
TEST(OldCellTest, IsTheLeafCellOfS2) {
  struct Case {
    geo::LatLng point;
    int64_t cell;
  };
  for (const Case& c : std::initializer_list<Case>{
           {{55.859225961588571, 48.93539784432307}, 4708884484722862863},
           {{55.701876598770937, 49.289806432465724}, 4710395321328530351},
           {{-52.225941593991003, -3.5600691000853999}, -5171608416384528775},
           {{63.689817528139571, -150.75034714235278}, 6254795837495004055},
           {{-70.52645172385914, -78.308404142479617}, -4953092507551717957},
           {{46.534080410675756, 119.11341368723174}, 6805810256386409667},
           {{90, 0}, 5764607523034234881},
           {{-90, 10}, -5764607523034234879},
           {{0, 180}, 8070450532247928831},
           {{0, -180}, 8070450532247928833},
           {{0, 0}, 1152921504606846977},
           {{0, 45}, 1729382256910270463}}) {
    EXPECT_EQ(OldCellId(c.point), c.cell) << c.point.latitude << "," << c.point.longitude;
  }
}

}  // namespace
}  // namespace veche::appeals

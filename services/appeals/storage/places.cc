#include "services/appeals/storage/places.h"

#include "absl/strings/str_cat.h"

namespace veche::appeals {
namespace {

std::vector<PlacePart> Parts(const std::vector<geo::CellRange>& cells, const geo::Box& box) {
  std::vector<PlacePart> parts(cells.begin(), cells.end());
  parts.push_back(box);
  return parts;
}

}  // namespace

std::vector<PlacePart> PartsOf(const geo::Box& box) { return Parts(geo::Cover(box), box); }

std::vector<PlacePart> PartsAround(const geo::LatLng& center, double radius_meters) {
  return Parts(geo::CoverCircle(center, radius_meters), geo::BoxAround(center, radius_meters));
}

void AddPart(Statement& statement, const PlacePart& part) {
  if (const auto* cells = std::get_if<geo::CellRange>(&part)) {
    statement.And("a.map_cell", ">=", cells->first).And("a.map_cell", "<=", cells->last);
  } else {
    // The condition of the index appeals_without_map_cell.
    statement.And("a.cell IS NOT NULL")
        .And("(a.map_cell_of IS NULL OR a.map_cell_of <> a.cell)")
        .And(InBox(statement, std::get<geo::Box>(part)));
  }
}

std::string InBox(Statement& statement, const geo::Box& box) {
  const bool around = box.west > box.east;  // across the antimeridian
  const std::string south = statement.Bind(box.south);
  const std::string north = statement.Bind(box.north);
  const std::string west = statement.Bind(box.west);
  const std::string east = statement.Bind(box.east);
  return absl::StrCat("a.latitude >= ", south, " AND a.latitude <= ", north,
                      " AND (a.longitude >= ", west, around ? " OR " : " AND ",
                      "a.longitude <= ", east, ")");
}

}  // namespace veche::appeals

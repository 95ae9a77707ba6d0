#pragma once

#include <string>
#include <variant>
#include <vector>

#include "common/geo/cell.h"
#include "services/appeals/storage/statement.h"

namespace veche::appeals {

// A part of a place that one range of an index holds: cells of the map, or the box for appeals
// whose map_cell is not computed yet.
using PlacePart = std::variant<geo::CellRange, geo::Box>;

// Parts that together hold every appeal of the place, some beside it and a few twice: check what is
// found.
std::vector<PlacePart> PartsOf(const geo::Box& box);
std::vector<PlacePart> PartsAround(const geo::LatLng& center, double radius_meters);

// Restricts a query of `appeals a` to a part.
void AddPart(Statement& statement, const PlacePart& part);
// The condition that an appeal's location is in the box.
std::string InBox(Statement& statement, const geo::Box& box);

}  // namespace veche::appeals

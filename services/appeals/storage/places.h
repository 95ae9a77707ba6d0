#pragma once

#include <string>
#include <variant>
#include <vector>

#include "common/geo/cell.h"
#include "services/appeals/storage/statement.h"

namespace veche::appeals {

// A part of a place that one range of an index covers: cells of the map, or the box itself for
// appeals whose map_cell is not computed yet.
using PlacePart = std::variant<geo::CellRange, geo::Box>;

// Parts that together cover the place. They also cover some appeals outside it, and a few appeals
// twice, so check each result.
std::vector<PlacePart> PartsOf(const geo::Box& box);
std::vector<PlacePart> PartsAround(const geo::LatLng& center, double radius_meters);

// Restricts a query of `appeals a` to a part.
void AddPart(Statement& statement, const PlacePart& part);
// The condition that an appeal's location is in the box.
std::string InBox(Statement& statement, const geo::Box& box);

}  // namespace veche::appeals

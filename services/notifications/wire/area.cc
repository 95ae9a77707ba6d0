#include "services/notifications/wire/area.h"

#include "google/protobuf/util/json_util.h"

namespace veche::notifications {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;

GeoRing ReadRing(const Value& value) {
  GeoRing ring;
  for (const Value& position : value.list_value().values()) {
    const auto& numbers = position.list_value().values();
    if (numbers.size() < 2) continue;
    ring.push_back({.latitude = numbers[1].number_value(), .longitude = numbers[0].number_value()});
  }
  return ring;
}

void WritePolygon(const GeoRing& ring, Value& polygon) {
  ListValue& positions = *polygon.mutable_list_value()->add_values()->mutable_list_value();
  for (const geo::LatLng& point : ring) {
    ListValue& position = *positions.add_values()->mutable_list_value();
    position.add_values()->set_number_value(point.longitude);
    position.add_values()->set_number_value(point.latitude);
  }
}

}  // namespace

std::vector<GeoRing> OuterRings(absl::string_view area) {
  Struct geometry;
  if (area.empty() || !google::protobuf::util::JsonStringToMessage(
                           google::protobuf::StringPiece(area.data(), area.size()), &geometry)
                           .ok()) {
    return {};
  }
  const Value& coordinates = (*geometry.mutable_fields())["coordinates"];
  const auto first_ring = [](const Value& polygon) {
    return polygon.list_value().values().empty() ? GeoRing()
                                                 : ReadRing(polygon.list_value().values(0));
  };
  if ((*geometry.mutable_fields())["type"].string_value() == "Polygon") {
    return {first_ring(coordinates)};
  }
  std::vector<GeoRing> rings;
  for (const Value& polygon : coordinates.list_value().values()) {
    rings.push_back(first_ring(polygon));
  }
  return rings;
}

Struct AreaOf(const std::vector<GeoRing>& rings) {
  Struct geometry;
  Value& coordinates = (*geometry.mutable_fields())["coordinates"];
  const bool one = rings.size() == 1;
  (*geometry.mutable_fields())["type"].set_string_value(one ? "Polygon" : "MultiPolygon");
  if (one) {
    WritePolygon(rings[0], coordinates);
    return geometry;
  }
  coordinates.mutable_list_value();
  for (const GeoRing& ring : rings) {
    WritePolygon(ring, *coordinates.mutable_list_value()->add_values());
  }
  return geometry;
}

}  // namespace veche::notifications

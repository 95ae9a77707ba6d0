#include "services/directory/exchange/organization_geojson.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "common/base/json_text.h"

namespace veche::directory {
namespace {

using simdjson::dom::element;

// Tags of OpenStreetMap and the columns that they fill. Where several tags fill a column, the first
// that a feature has.
constexpr std::pair<absl::string_view, absl::string_view> kTags[] = {
    {"name", "title"},
    {"name:ru", "title_ru"},
    {"name:uk", "title_uk"},
    {"name:tt", "title_tt"},
    {"name:en", "title_en"},
    {"amenity", "category"},
    {"healthcare", "category"},
    {"emergency", "category"},
    {"shop", "category"},
    {"office", "category"},
    {"leisure", "category"},
    {"tourism", "category"},
    {"contact:phone", "phones"},
    {"phone", "phones"},
    {"contact:email", "emails"},
    {"email", "emails"},
    {"contact:website", "website"},
    {"url", "website"},
    {"opening_hours", "hours"},
    {"addr:full", "address"},
    {"@id", "id"},
};
constexpr absl::string_view kSocials[] = {"contact:telegram", "contact:vk", "contact:facebook",
                                          "contact:instagram"};

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// Texts, numbers and truth values as a text, a list of them separated by ";"; "" for anything else.
std::string TextOf(const element& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(value.get_string().value_unsafe());
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE:
    case simdjson::dom::element_type::BOOL:
      return simdjson::minify(value);
    case simdjson::dom::element_type::ARRAY: {
      std::string list;
      for (const element item : value.get_array().value_unsafe()) {
        const bool nested = item.is_array() || item.is_object();
        if (!nested) absl::StrAppend(&list, list.empty() ? "" : ";", TextOf(item));
      }
      return list;
    }
    default:
      return "";
  }
}

// The bounding box of the positions of any geometry.
struct Bounds {
  double west = 180, east = -180, south = 90, north = -90;

  bool empty() const { return west > east; }
  void Add(const element& coordinates) {
    simdjson::dom::array list;
    if (coordinates.get(list) != simdjson::SUCCESS) return;
    double longitude = 0, latitude = 0;
    if (list.size() >= 2 && list.at(0).get(longitude) == simdjson::SUCCESS &&
        list.at(1).get(latitude) == simdjson::SUCCESS) {
      west = std::min(west, longitude), east = std::max(east, longitude);
      south = std::min(south, latitude), north = std::max(north, latitude);
      return;
    }
    for (const element part : list) Add(part);
  }
};

// Sets the columns for the location; false when the geometry is there and has no position.
bool SetLocation(const element& feature, Cells& cells) {
  element geometry;
  if (feature["geometry"].get(geometry) != simdjson::SUCCESS || geometry.is_null()) return true;
  Bounds bounds;
  element coordinates;
  if (geometry["coordinates"].get(coordinates) == simdjson::SUCCESS) bounds.Add(coordinates);
  if (bounds.empty()) return false;
  cells["latitude"] = absl::StrFormat("%.9g", (bounds.south + bounds.north) / 2);
  cells["longitude"] = absl::StrFormat("%.9g", (bounds.west + bounds.east) / 2);
  return true;
}

std::string CellOf(const Cells& cells, absl::string_view column) {
  const auto cell = cells.find(column);
  return cell == cells.end() ? "" : cell->second;
}

void FillColumns(const Cells& properties, Cells& cells) {
  for (const auto& [name, text] : properties) {
    if (IsOrganizationColumn(name)) cells[name] = text;
  }
  for (const auto& [tag, column] : kTags) {
    const auto property = properties.find(tag);
    if (property != properties.end()) cells.try_emplace(std::string(column), property->second);
  }
  for (const absl::string_view tag : kSocials) {
    const auto property = properties.find(tag);
    if (property == properties.end()) continue;
    std::string& socials = cells["socials"];
    absl::StrAppend(&socials, socials.empty() ? "" : ";", property->second);
  }
  const std::string street = CellOf(properties, "addr:street");
  const std::string house = CellOf(properties, "addr:housenumber");
  if (!street.empty()) {
    cells.try_emplace("address", house.empty() ? street : absl::StrCat(street, ", ", house));
  }
}

Cells ReadFeature(const element& feature, absl::string_view attribution) {
  Cells properties;
  simdjson::dom::object object;
  if (feature["properties"].get(object) == simdjson::SUCCESS) {
    for (const auto& [key, value] : object) properties[std::string(key)] = TextOf(value);
  }
  Cells cells;
  FillColumns(properties, cells);
  element id;
  if (feature["id"].get(id) == simdjson::SUCCESS) cells.try_emplace("id", TextOf(id));
  if (!attribution.empty()) cells.try_emplace("attribution", std::string(attribution));
  return cells;
}

void WriteFeature(const Organization& organization, JsonText& json) {
  Cells cells = CellsOf(organization);
  json.BeginObject().Member("type", "Feature").Member("id", organization.id).Key("geometry");
  if (organization.location) {
    json.BeginObject().Member("type", "Point").Key("coordinates").BeginArray();
    json.Raw(cells["longitude"]).Raw(cells["latitude"]).EndArray().EndObject();
  } else {
    json.Raw("null");
  }
  for (const char* column : {"id", "latitude", "longitude"}) cells.erase(column);
  json.Key("properties").BeginObject();
  for (const auto& [column, text] : cells) json.Member(column, text);
  json.EndObject().EndObject();
}

}  // namespace

OrganizationFile ReadOrganizationsGeoJson(absl::string_view json, Violations& violations) {
  OrganizationFile file;
  simdjson::dom::parser parser;
  element root;
  simdjson::dom::array features;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
    violations.Add("file", "NOT_JSON");
    return file;
  }
  if (root["features"].get(features) != simdjson::SUCCESS) {
    violations.Add("features", "NOT_LIST");
    return file;
  }
  std::string_view attribution;
  if (root["attribution"].get(attribution) != simdjson::SUCCESS) attribution = "";
  size_t index = 0;
  for (const element feature : features) {
    std::string place = absl::StrCat("features[", index++, "]");
    Cells cells = ReadFeature(feature, View(attribution));
    if (!SetLocation(feature, cells)) {
      violations.Add(absl::StrCat(place, ".geometry"), "NOT_A_POINT");
    }
    file.organizations.push_back(ReadOrganization(cells, place, violations));
    file.places.push_back(std::move(place));
  }
  return file;
}

std::string WriteOrganizationsGeoJson(absl::Span<const Organization> organizations) {
  JsonText json;
  json.BeginObject().Member("type", "FeatureCollection").Key("features").BeginArray();
  for (const Organization& organization : organizations) WriteFeature(organization, json);
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace veche::directory

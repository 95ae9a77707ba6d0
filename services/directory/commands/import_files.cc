#include "services/directory/commands/import_files.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "services/directory/commands/table.h"

namespace veche::directory {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

absl::Status Invalid(absl::string_view message) {
  return MakeOperatorError(absl::StatusCode::kInvalidArgument, "directory", "IMPORT_FILE_INVALID",
                           message);
}

const Value& Field(const Struct& fields, const std::string& key) {
  static const Value kNothing;
  auto found = fields.fields().find(key);
  return found == fields.fields().end() ? kNothing : found->second;
}

std::string TextOf(const Value& value) {
  if (value.has_number_value()) return absl::StrCat(value.number_value());
  return value.string_value();
}

std::string FeatureId(const Struct& feature, const Struct& properties) {
  std::string id = TextOf(Field(feature, "id"));
  if (id.empty()) id = TextOf(Field(properties, "id"));
  std::string city = absl::AsciiStrToLower(Field(properties, "city").string_value());
  if (!city.empty()) id = std::string(absl::StripPrefix(id, absl::StrCat(city, "-")));
  return id;
}

void ReadTitles(const Struct& properties, absl::string_view language, v1::District& district) {
  for (const auto& [key, value] : properties.fields()) {
    absl::string_view tag = key;
    if (absl::ConsumePrefix(&tag, "name_") && !value.string_value().empty()) {
      (*district.mutable_titles())[std::string(tag)] = value.string_value();
    }
  }
  for (const std::string& key :
       {std::string("title"), absl::StrCat("name_", language), std::string("name")}) {
    district.set_title(Field(properties, key).string_value());
    if (!district.title().empty()) return;
  }
}

absl::StatusOr<v1::District> ReadFeature(const Value& value, absl::string_view attribution,
                                         absl::string_view language) {
  if (!value.has_struct_value()) return absl::InvalidArgumentError("is not an object");
  const Struct& feature = value.struct_value();
  const Struct& properties = Field(feature, "properties").struct_value();
  v1::District district;
  std::string id = FeatureId(feature, properties);
  if (id.empty()) return absl::InvalidArgumentError("has no id");
  district.set_name(absl::StrCat("districts/", id));
  ReadTitles(properties, language, district);
  if (!Field(feature, "geometry").has_struct_value()) {
    return absl::InvalidArgumentError("has no geometry");
  }
  *district.mutable_boundary() = Field(feature, "geometry").struct_value();
  const Value& area = Field(properties, "area_km2");
  if (area.has_number_value()) district.set_area_km2(area.number_value());
  const Value& latitude = Field(properties, "label_lat");
  const Value& longitude = Field(properties, "label_lon");
  if (latitude.has_number_value() && longitude.has_number_value()) {
    district.mutable_label()->set_latitude(latitude.number_value());
    district.mutable_label()->set_longitude(longitude.number_value());
  }
  std::string own = Field(properties, "attribution").string_value();
  district.set_attribution(own.empty() ? std::string(attribution) : own);
  return district;
}

template <typename Message>
void ReadTitles(const Table& table, size_t row, absl::string_view language, Message& message) {
  for (const std::string& tag : table.title_languages()) {
    absl::string_view title = table.Get(row, absl::StrCat("title_", tag));
    if (!title.empty()) (*message.mutable_titles())[tag] = std::string(title);
  }
  absl::string_view title = table.Get(row, "title");
  if (title.empty()) title = table.Get(row, absl::StrCat("title_", language));
  message.set_title(std::string(title));
}

}  // namespace

absl::StatusOr<ImportFile> ReadDistricts(absl::string_view geojson, absl::string_view language) {
  Struct collection;
  auto parsed = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(geojson.data(), geojson.size()), &collection);
  if (!parsed.ok()) return Invalid("The file is not JSON.");
  const Value& features = Field(collection, "features");
  if (Field(collection, "type").string_value() != "FeatureCollection" ||
      !features.has_list_value()) {
    return Invalid("The file is not a GeoJSON FeatureCollection.");
  }
  std::string attribution = Field(collection, "attribution").string_value();
  ImportFile file;
  for (int i = 0; i < features.list_value().values_size(); ++i) {
    std::string place = absl::StrCat("features[", i, "]");
    auto district = ReadFeature(features.list_value().values(i), attribution, language);
    if (!district.ok()) {
      absl::string_view what = district.status().message();
      return Invalid(absl::StrCat("The file cannot be imported: ", place, " ", what, "."));
    }
    *file.request.add_districts() = *std::move(district);
    file.places.push_back(std::move(place));
  }
  return file;
}

absl::StatusOr<ImportFile> ReadDepartments(absl::string_view tsv, absl::string_view language) {
  ASSIGN_OR_RETURN(Table table, Table::Parse(tsv));
  RETURN_IF_ERROR(table.Require({"id"}));
  ImportFile file;
  for (size_t row = 0; row < table.size(); ++row) {
    v1::Department& department = *file.request.add_departments();
    department.set_name(absl::StrCat("departments/", table.Get(row, "id")));
    ReadTitles(table, row, language, department);
    department.set_kind(std::string(table.Get(row, "kind")));
    for (absl::string_view phone :
         absl::StrSplit(table.Get(row, "phones"), ',', absl::SkipWhitespace())) {
      department.add_phones(std::string(absl::StripAsciiWhitespace(phone)));
    }
    file.places.push_back(absl::StrCat("line ", table.Line(row)));
  }
  return file;
}

absl::StatusOr<ImportFile> ReadCategories(absl::string_view tsv, absl::string_view language) {
  ASSIGN_OR_RETURN(Table table, Table::Parse(tsv));
  RETURN_IF_ERROR(table.Require({"id", "group", "group_title", "department", "response_hours"}));
  ImportFile file;
  for (size_t row = 0; row < table.size(); ++row) {
    std::string place = absl::StrCat("line ", table.Line(row));
    v1::Category& category = *file.request.add_categories();
    category.set_name(absl::StrCat("categories/", table.Get(row, "id")));
    ReadTitles(table, row, language, category);
    category.set_group(std::string(table.Get(row, "group")));
    category.set_group_title(std::string(table.Get(row, "group_title")));
    category.set_department(absl::StrCat("departments/", table.Get(row, "department")));
    category.set_legal_profile(std::string(table.Get(row, "legal_profile")));
    int hours = 0;
    if (!absl::SimpleAtoi(table.Get(row, "response_hours"), &hours)) {
      return Invalid(absl::StrCat("The file cannot be imported: response_hours of ", place,
                                  " is not a whole number."));
    }
    category.set_response_hours(hours);
    file.places.push_back(std::move(place));
  }
  return file;
}

absl::StatusOr<ImportFile> ReadOrganizationCategories(absl::string_view tsv,
                                                      absl::string_view language) {
  ASSIGN_OR_RETURN(Table table, Table::Parse(tsv));
  RETURN_IF_ERROR(table.Require({"id"}));
  ImportFile file;
  for (size_t row = 0; row < table.size(); ++row) {
    v1::OrganizationCategory& category = *file.request.add_organization_categories();
    category.set_name(absl::StrCat("organizationCategories/", table.Get(row, "id")));
    ReadTitles(table, row, language, category);
    category.set_map_layer(table.Get(row, "map_layer") == "true");
    file.places.push_back(absl::StrCat("line ", table.Line(row)));
  }
  return file;
}

}  // namespace veche::directory

#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "veche/directory/v1/directory.pb.h"

// Reads the files that an operator imports into requests. Pure functions. They check only what they
// need to read a file; the service checks the values. Errors are InvalidArgument
// (IMPORT_FILE_INVALID) with a message that names the line or feature.

namespace veche::directory {

// A request, and where each of its rows is in the file ("line 4").
struct ImportFile {
  v1::ImportDirectoryRequest request;
  std::vector<std::string> places;
};

// Reads a GeoJSON FeatureCollection. The id is the feature's or its property "id"; a leading city
// name ("kazan-" where the property "city" is "Kazan") is dropped. Titles are the properties
// "title", "name" and "name_<language>". Optional properties: "area_km2", "label_lat", "label_lon"
// and "attribution" (default: the collection's).
absl::StatusOr<ImportFile> ReadDistricts(absl::string_view geojson, absl::string_view language);

// Columns id, title or title_<language>, further title_<…>; kind; phones (separated by commas).
absl::StatusOr<ImportFile> ReadDepartments(absl::string_view tsv, absl::string_view language);

// Columns id, title or title_<language>, further title_<…>; group, group_title; department;
// response_hours; legal_profile.
absl::StatusOr<ImportFile> ReadCategories(absl::string_view tsv, absl::string_view language);

// Columns id, title or title_<language>, further title_<…>; map_layer ("true", else false).
absl::StatusOr<ImportFile> ReadOrganizationCategories(absl::string_view tsv,
                                                      absl::string_view language);

}  // namespace veche::directory

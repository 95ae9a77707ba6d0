#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "services/directory/exchange/organization_fields.h"

namespace veche::directory {

// Reads a GeoJSON FeatureCollection (RFC 7946). The properties are the columns of
// organization_fields.h, or tags of OpenStreetMap: name, name:tt, amenity, shop and others for the
// category, opening_hours, phone, contact:phone, addr:street and others. Other properties are
// ignored. A line or an area stands at the middle of its bounding box. Adds a violation for what
// cannot be read: "features[3].hours". Pure; thread-safe.
OrganizationFile ReadOrganizationsGeoJson(absl::string_view json, Violations& violations);

// A FeatureCollection of points with the same columns as properties. An organization without a
// location has the geometry null.
std::string WriteOrganizationsGeoJson(absl::Span<const Organization> organizations);

}  // namespace veche::directory

#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "common/api/page.h"
#include "common/base/error.h"
#include "services/directory/snapshot/organization_list.h"
#include "veche/directory/v1/organizations.pb.h"

// What lists of entries ask for. Pure functions.

namespace veche::directory {

// Adds a violation for each field that cannot be read.
OrganizationFilter ToFilter(const v1::ListOrganizationsRequest& request, Violations& violations);

// The id of a name, "" for ""; adds a violation for a name of another form.
std::string ReadFilterName(absl::string_view collection, absl::string_view name,
                           absl::string_view field, Violations& violations);
void CheckQuery(absl::string_view q, Violations& violations);

// The place after which the page begins; nothing for the first page.
std::optional<ListPlace> PlaceOf(const api::Page& page, Violations& violations);

}  // namespace veche::directory

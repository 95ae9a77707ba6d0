#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "services/directory/exchange/organization_fields.h"

namespace veche::directory {

// Reads a CSV file in UTF-8 whose first line names the columns (OrganizationColumns). Adds a
// violation for each column or cell that cannot be read: "lines[1].colour", "lines[12].hours".
// Pure; thread-safe.
OrganizationFile ReadOrganizationsCsv(absl::string_view csv, Violations& violations);

// The inverse, with a column for each language that an organization has.
std::string WriteOrganizationsCsv(absl::Span<const Organization> organizations);

}  // namespace veche::directory

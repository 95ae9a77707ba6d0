#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/base/error.h"
#include "services/directory/domain/organization.h"

// The columns by which files write an organization: those of a CSV file, and the properties of a
// GeoJSON feature. Pure; thread-safe.

namespace veche::directory {

// Organizations as a file has them, and where each is in the file: "lines[12]", "features[3]".
struct OrganizationFile {
  std::vector<Organization> organizations;
  std::vector<std::string> places;
};

// The texts of one organization by their columns.
using Cells = std::map<std::string, std::string, std::less<>>;

// The columns without language, in the order in which files are written. Each of "title" and
// "description" may be followed by columns for languages: "title_tt".
absl::Span<const absl::string_view> OrganizationColumns();
bool IsOrganizationColumn(absl::string_view column);

// Reads the texts of one organization. Lists are separated by ";"; the purpose of a phone or an
// e-mail follows it after "|". An id is made of title, address and place where there is none, so
// that the same file read again replaces what it added. Adds a violation "{place}.{column}" for
// each text that cannot be read; CheckOrganization judges the rest.
Organization ReadOrganization(const Cells& cells, absl::string_view place, Violations& violations);

// The inverse; without empty texts.
Cells CellsOf(const Organization& organization);

}  // namespace veche::directory

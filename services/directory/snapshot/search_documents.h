#pragma once

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "services/directory/domain/organization.h"
#include "services/directory/search/search_index.h"

// What can be found of organizations and e-services. Pure functions.

namespace veche::directory {

// The titles of a category of organizations in all languages, given its id.
using CategoryText = std::function<std::string(absl::string_view id)>;

SearchDocument DocumentOf(const Organization& organization, const CategoryText& category_text);
SearchDocument DocumentOf(const EService& service, const CategoryText& category_text);

// Whether the documents of the two are the same.
bool HaveSameDocument(const Organization& a, const Organization& b);
bool HaveSameDocument(const EService& a, const EService& b);

}  // namespace veche::directory

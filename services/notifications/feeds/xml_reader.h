#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace veche::notifications {

// An element of a parsed document.
struct XmlElement {
  std::string space;  // the namespace; "" for none
  std::string name;   // without a prefix
  std::string text;   // of the element itself, without that of its children
  std::vector<XmlElement> children;

  // The first child of this name, in the element's namespace; null when there is none.
  const XmlElement* Find(absl::string_view child) const;
  // The text of that child without white space at its ends; "" when there is none.
  std::string TextOf(absl::string_view child) const;
};

inline constexpr size_t kMostXmlBytes = 1 << 20;

// Reads a document that a stranger sent; returns its root. InvalidArgument with one violation of
// `field` for what is no well-formed XML 1.0, for a document type declaration (so that no entity
// can be declared, read from elsewhere or multiplied), for more than kMostXmlBytes, 20,000 elements
// or 16 levels, and for encodings other than UTF-8, UTF-16, ISO-8859-1 and US-ASCII. Linear time.
absl::StatusOr<XmlElement> ParseXml(absl::string_view document, absl::string_view field);

}  // namespace veche::notifications

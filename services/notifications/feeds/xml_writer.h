#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace veche::notifications {

// Writes an XML 1.0 document in UTF-8, indented. Texts and values may be any bytes: markup is
// escaped, and what XML cannot hold (control characters, ill-formed UTF-8) becomes U+FFFD. Names
// are not checked. Not thread-safe.
class XmlWriter {
 public:
  using Attributes = std::vector<std::pair<absl::string_view, std::string>>;

  XmlWriter();

  XmlWriter& Begin(absl::string_view name, const Attributes& attributes = {});
  XmlWriter& End();
  // An element with a text. Nothing when `text` is empty.
  XmlWriter& Element(absl::string_view name, absl::string_view text,
                     const Attributes& attributes = {});
  // An element without content.
  XmlWriter& Empty(absl::string_view name, const Attributes& attributes);

  // Ends all elements and returns the document.
  std::string Finish();

 private:
  void Open(absl::string_view name, const Attributes& attributes);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace veche::notifications

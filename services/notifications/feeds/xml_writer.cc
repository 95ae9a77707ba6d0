#include "services/notifications/feeds/xml_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/text/utf8.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Of the control characters XML 1.0 has only tab and line breaks; U+FFFE and U+FFFF are none of its
// characters. Line breaks in values are written as references: a parser makes them spaces
// otherwise.
std::string Escape(absl::string_view text, bool attribute) {
  std::string out;
  for (const char c : text::ScrubUtf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += attribute ? "&quot;" : "\"";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\t':
      case '\n':
        out += attribute ? absl::StrCat("&#", static_cast<int>(c), ";") : std::string(1, c);
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          absl::StrAppend(&out, kReplacement);
        } else {
          out += c;
        }
    }
  }
  return absl::StrReplaceAll(out, {{"\xEF\xBF\xBE", kReplacement}, {"\xEF\xBF\xBF", kReplacement}});
}

}  // namespace

XmlWriter::XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::Open(absl::string_view name, const Attributes& attributes) {
  absl::StrAppend(&out_, std::string(open_.size() * 2, ' '), "<", name);
  for (const auto& [key, value] : attributes) {
    absl::StrAppend(&out_, " ", key, "=\"", Escape(value, true), "\"");
  }
}

XmlWriter& XmlWriter::Begin(absl::string_view name, const Attributes& attributes) {
  Open(name, attributes);
  out_ += ">\n";
  open_.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::End() {
  const std::string name = std::move(open_.back());
  open_.pop_back();
  absl::StrAppend(&out_, std::string(open_.size() * 2, ' '), "</", name, ">\n");
  return *this;
}

XmlWriter& XmlWriter::Element(absl::string_view name, absl::string_view text,
                              const Attributes& attributes) {
  if (text.empty()) return *this;
  Open(name, attributes);
  absl::StrAppend(&out_, ">", Escape(text, false), "</", name, ">\n");
  return *this;
}

XmlWriter& XmlWriter::Empty(absl::string_view name, const Attributes& attributes) {
  Open(name, attributes);
  out_ += "/>\n";
  return *this;
}

std::string XmlWriter::Finish() {
  while (!open_.empty()) End();
  return std::move(out_);
}

}  // namespace veche::notifications

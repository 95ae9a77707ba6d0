#include "services/notifications/feeds/xml_reader.h"

#include <expat.h>

#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace veche::notifications {
namespace {

constexpr char kSeparator = '\n';  // no namespace and no name has one
constexpr int kMostElements = 20'000;
constexpr size_t kDeepest = 16;

// Builds the tree while expat parses.
class TreeBuilder {
 public:
  explicit TreeBuilder(XML_Parser parser) : parser_(parser) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, OnBegin, OnEnd);
    XML_SetCharacterDataHandler(parser, OnText);
    XML_SetStartDoctypeDeclHandler(parser, OnDoctype);
  }

  XmlElement TakeRoot() { return std::move(root_); }
  const Text& refusal() const { return refusal_; }

 private:
  static TreeBuilder& Of(void* data) { return *static_cast<TreeBuilder*>(data); }

  static void OnBegin(void* data, const XML_Char* name, const XML_Char**) { Of(data).Begin(name); }
  static void OnEnd(void* data, const XML_Char*) { Of(data).End(); }
  static void OnText(void* data, const XML_Char* text, int size) {
    TreeBuilder& builder = Of(data);
    if (!builder.open_.empty()) builder.open_.back().text.append(text, size);
  }
  static void OnDoctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    Of(data).Refuse("XML_DOCTYPE");
  }

  void Begin(absl::string_view name) {
    if (++elements_ > kMostElements) return Refuse("XML_TOO_MANY_ELEMENTS");
    if (open_.size() == kDeepest) return Refuse("XML_TOO_DEEP");
    const size_t end = name.find(kSeparator);
    XmlElement& element = open_.emplace_back();
    if (end == absl::string_view::npos) {
      element.name = std::string(name);
    } else {
      element.space = std::string(name.substr(0, end));
      element.name = std::string(name.substr(end + 1));
    }
  }

  void End() {
    if (open_.empty()) return;
    XmlElement element = std::move(open_.back());
    open_.pop_back();
    (open_.empty() ? root_ : open_.back().children.emplace_back()) = std::move(element);
  }

  void Refuse(const char* text) {
    if (refusal_.empty()) refusal_ = Text(text);
    XML_StopParser(parser_, XML_FALSE);
  }

  const XML_Parser parser_;
  std::vector<XmlElement> open_;
  XmlElement root_;
  int elements_ = 0;
  Text refusal_;
};

absl::Status Refuse(absl::string_view field, const Text& problem) {
  Violations violations;
  violations.Add(field, problem);
  return violations.ToStatus();
}

}  // namespace

const XmlElement* XmlElement::Find(absl::string_view child) const {
  for (const XmlElement& element : children) {
    if (element.name == child && element.space == space) return &element;
  }
  return nullptr;
}

std::string XmlElement::TextOf(absl::string_view child) const {
  const XmlElement* found = Find(child);
  return found == nullptr ? "" : std::string(absl::StripAsciiWhitespace(found->text));
}

absl::StatusOr<XmlElement> ParseXml(absl::string_view document, absl::string_view field) {
  if (document.size() > kMostXmlBytes) {
    return Refuse(field, {"TOO_MANY_BYTES", {{"most", absl::StrCat(kMostXmlBytes)}}});
  }
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS(nullptr, kSeparator), XML_ParserFree);
  if (parser == nullptr) return absl::ResourceExhaustedError("no memory for an XML parser");
  TreeBuilder builder(parser.get());
  const XML_Status status =
      XML_Parse(parser.get(), document.data(), static_cast<int>(document.size()), XML_TRUE);
  if (!builder.refusal().empty()) return Refuse(field, builder.refusal());
  if (status != XML_STATUS_OK) {
    return Refuse(field,
                  {"XML_UNREADABLE",
                   {{"line", absl::StrCat(XML_GetCurrentLineNumber(parser.get()))},
                    {"column", absl::StrCat(XML_GetCurrentColumnNumber(parser.get()) + 1)}}});
  }
  return builder.TakeRoot();
}

}  // namespace veche::notifications

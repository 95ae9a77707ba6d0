#include "services/notifications/wire/alert_content.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/util/json_util.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kFiles = "alertFiles/";

template <typename Map>
Titles ReadTexts(const Map& texts) {
  return {texts.begin(), texts.end()};
}

template <typename Map>
void WriteTexts(const Titles& texts, Map& wire) {
  for (const auto& [language, text] : texts) wire[language] = text;
}

}  // namespace

void WriteContent(const AlertContent& content, v1::Alert& wire) {
  wire.set_topic(content.topic);
  wire.set_severity(static_cast<v1::Alert::Severity>(content.severity));
  for (const std::string& district : content.districts) wire.add_districts(district);
  if (!content.area.empty()) {
    // The text was written by ReadContent.
    (void)google::protobuf::util::JsonStringToMessage(content.area, wire.mutable_area());
  }
  WriteTexts(content.titles, *wire.mutable_titles());
  WriteTexts(content.bodies, *wire.mutable_bodies());
  WriteTexts(content.instructions, *wire.mutable_instructions());
  wire.set_link(content.link);
  for (const AlertAction& action : content.actions) {
    v1::AlertAction& to = *wire.add_actions();
    WriteTexts(action.titles, *to.mutable_titles());
    to.set_link(action.link);
  }
  for (const AlertFile& file : content.files) {
    v1::AlertFile& to = *wire.add_attachments();
    to.set_name(absl::StrCat(kFiles, file.hash));
    to.set_title(file.title);
    to.set_content_type(file.content_type);
    to.set_size_bytes(file.size_bytes);
  }
}

AlertContent ReadContent(const v1::Alert& wire) {
  AlertContent content{.topic = wire.topic(),
                       .severity = static_cast<Severity>(wire.severity()),
                       .districts = {wire.districts().begin(), wire.districts().end()},
                       .titles = ReadTexts(wire.titles()),
                       .bodies = ReadTexts(wire.bodies()),
                       .instructions = ReadTexts(wire.instructions()),
                       .link = wire.link()};
  if (wire.has_area()) {
    (void)google::protobuf::util::MessageToJsonString(wire.area(), &content.area);
  }
  for (const v1::AlertAction& action : wire.actions()) {
    content.actions.push_back({ReadTexts(action.titles()), action.link()});
  }
  for (const v1::AlertFile& file : wire.attachments()) {
    content.files.push_back({std::string(absl::StripPrefix(file.name(), kFiles)), file.title(),
                             file.content_type(), file.size_bytes()});
  }
  return content;
}

}  // namespace veche::notifications

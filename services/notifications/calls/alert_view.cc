#include "services/notifications/calls/alert_view.h"

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "services/notifications/wire/alert_content.h"

namespace veche::notifications {

std::string EtagOf(const Alert& alert) { return absl::StrCat(alert.version); }

v1::Alert ToWire(const Alert& alert, const AlertView& view) {
  const AlertContent& content = alert.content;
  v1::Alert wire;
  WriteContent(content, wire);
  wire.set_name(AlertName(alert.id));
  wire.set_state(static_cast<v1::Alert::State>(StateAt(alert, view.now)));
  wire.set_title(TitleIn(content.titles, view.language));
  wire.set_body(TitleIn(content.bodies, view.language));
  wire.set_instruction(TitleIn(content.instructions, view.language));
  for (v1::AlertAction& action : *wire.mutable_actions()) {
    action.set_title(TitleIn({action.titles().begin(), action.titles().end()}, view.language));
  }
  for (const std::string& district : alert.districts) wire.add_matched_districts(district);
  if (alert.publish_time) *wire.mutable_publish_time() = api::ToTimestamp(*alert.publish_time);
  if (alert.expire_time) *wire.mutable_expire_time() = api::ToTimestamp(*alert.expire_time);
  if (!alert.supersedes.empty()) wire.set_supersedes(AlertName(alert.supersedes));
  if (!alert.superseded_by.empty()) wire.set_superseded_by(AlertName(alert.superseded_by));
  wire.set_revision(alert.revision);
  wire.set_cancel_reason(alert.cancel_reason);
  wire.set_share_text(absl::StrCat(wire.title(), " ", view.public_url, "/", wire.name()));
  *wire.mutable_create_time() = api::ToTimestamp(alert.create_time);
  *wire.mutable_update_time() = api::ToTimestamp(alert.update_time);
  wire.set_etag(EtagOf(alert));
  wire.set_source(alert.source);
  if (view.editor) {
    wire.set_author(alert.author);
    wire.set_editor(alert.editor);
    wire.set_review_comment(alert.comment);
  }
  return wire;
}

v1::Topic ToWire(const Topic& topic, absl::string_view language) {
  v1::Topic wire;
  wire.set_name(topic.name);
  wire.set_title(TitleIn(topic.titles, language));
  for (const auto& [tag, title] : topic.titles) (*wire.mutable_titles())[tag] = title;
  wire.set_position(static_cast<int32_t>(topic.position));
  wire.set_retired(topic.retired);
  return wire;
}

}  // namespace veche::notifications

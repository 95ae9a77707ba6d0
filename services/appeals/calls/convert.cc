#include "services/appeals/calls/convert.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/text/mask.h"
#include "services/appeals/domain/errors.h"
#include "services/appeals/domain/names.h"
#include "services/appeals/storage/wire_types.h"

namespace veche::appeals {
namespace {

v1::Timeline::Actor ActorToWire(const Actor& actor) {
  v1::Timeline::Actor wire;
  wire.set_role(std::string(Name(actor.party)));
  if (!actor.department.empty()) wire.set_department(actor.department);
  return wire;
}

// Removes the quotes that HTTP puts around an etag.
absl::string_view BareEtag(absl::string_view etag) {
  absl::ConsumePrefix(&etag, "W/");
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    return etag.substr(1, etag.size() - 2);
  }
  return etag;
}

v1::Routing RoutingToWire(const Routing& routing) {
  v1::Routing wire;
  wire.set_by(static_cast<v1::Routing::By>(routing.by));
  wire.set_rule(routing.rule);
  wire.set_title(routing.title);
  if (routing.probability > 0) wire.set_probability(routing.probability);
  wire.set_model(routing.model);
  wire.set_previous_category(routing.previous_category);
  wire.set_suggested_category(routing.suggested_category);
  return wire;
}

// The public reads the author's words masked; the words of staff are public as they are.
std::string CommentFor(const Entry& entry, View view) {
  if (view == View::kAuthor || view == View::kStaff) return entry.comment;
  if (entry.comment_for_parties) return "";
  return entry.actor.party == Party::kAuthor ? text::MaskPersonalData(entry.comment)
                                             : entry.comment;
}

// The text of the system, and below it the comment of a person.
std::string Joined(std::string text, const std::string& comment) {
  if (!text.empty() && !comment.empty()) text += "\n";
  return text + comment;
}

void AddUrgency(const Appeal& appeal, v1::Appeal& wire) {
  const triage::Assessment urgency = Urgency(appeal);
  wire.set_priority_score(urgency.score);
  for (const triage::Reason& reason : urgency.reasons) {
    classification::v1::PriorityReason& added = *wire.add_priority_reasons();
    added.set_reason(reason.reason);
    added.set_points(reason.points);
    added.set_evidence(reason.evidence);
  }
}

}  // namespace

std::string EtagOf(const Appeal& appeal, View view, const Relations& relations) {
  return absl::StrCat(appeal.version, ".", appeal.supporter_count, "-", static_cast<int>(view),
                      relations.supports ? "s" : "", relations.follows ? "f" : "");
}

absl::Status CheckEtag(const Appeal& appeal, absl::string_view etag) {
  // If-Match compares the version alone; the rest of the etag distinguishes answers to reads.
  etag = BareEtag(etag);
  etag = etag.substr(0, etag.find('.'));
  // Inside a change the version is already one higher than the version that the client read.
  const std::string current = absl::StrCat(appeal.version - 1);
  if (etag.empty() || etag == "*" || etag == current) return absl::OkStatus();
  return EtagMismatch(current);
}

absl::Status CheckRulesEtag(int64_t newest, absl::string_view etag) {
  etag = BareEtag(etag);
  if (etag.empty() || etag == "*" || etag == absl::StrCat(newest)) return absl::OkStatus();
  return RoutingRulesChanged(newest);
}

void AddModeration(const Appeal& appeal, v1::Appeal& wire) {
  wire.set_flagged(appeal.moderation.waits);
  classification::v1::Moderation& moderation = *wire.mutable_moderation();
  moderation.set_toxicity(appeal.moderation.toxicity);
  moderation.set_spam(appeal.moderation.spam);
  for (const std::string& reason : appeal.moderation.reasons) moderation.add_reasons(reason);
}

v1::Appeal ToWire(const Appeal& appeal, View view, const Relations& relations) {
  const bool full = view == View::kAuthor || view == View::kStaff;
  v1::Appeal wire;
  wire.set_name(AppealName(appeal.id));
  wire.set_number(appeal.number);
  wire.set_class_(static_cast<v1::Appeal::Class>(appeal.appeal_class));
  wire.set_kind(static_cast<v1::Appeal::Kind>(appeal.kind));
  wire.set_state(static_cast<v1::Appeal::State>(appeal.state));
  wire.set_visibility(static_cast<v1::Appeal::Visibility>(appeal.visibility));
  wire.set_priority(static_cast<classification::v1::Priority>(appeal.priority));
  wire.set_text(full ? appeal.text : PublicText(appeal));
  wire.set_language(appeal.language.empty() ? "und" : appeal.language);
  if (appeal.location) {
    wire.mutable_location()->set_latitude(appeal.location->latitude);
    wire.mutable_location()->set_longitude(appeal.location->longitude);
  }
  if (!appeal.address.empty()) {
    wire.mutable_location()->set_address(full ? appeal.address
                                              : text::MaskPersonalData(appeal.address));
  }
  wire.set_district(appeal.district);
  wire.set_category(appeal.category);
  wire.set_department(appeal.department);
  wire.set_channel(appeal.channel);
  *wire.mutable_create_time() = api::ToTimestamp(appeal.created);
  *wire.mutable_update_time() = api::ToTimestamp(appeal.updated);
  if (appeal.registered) *wire.mutable_register_time() = api::ToTimestamp(*appeal.registered);
  if (appeal.due) *wire.mutable_due_time() = api::ToTimestamp(*appeal.due);
  if (appeal.resolved) *wire.mutable_resolve_time() = api::ToTimestamp(*appeal.resolved);
  wire.set_supporter_count(static_cast<int32_t>(appeal.supporter_count));
  if (!appeal.merged_into.empty()) wire.set_merged_into(AppealName(appeal.merged_into));
  for (const std::string& outcome : appeal.outcomes) wire.add_outcomes(outcome);
  if (!appeal.answer.empty()) wire.set_answer(appeal.answer);
  if (appeal.rating != 0) wire.set_rating(appeal.rating);
  for (const Attachment& attachment : appeal.attachments) {
    *wire.add_attachments() = ToWire(attachment);
  }
  wire.set_etag(EtagOf(appeal, view, relations));
  if (view == View::kStaff) {
    wire.set_assignee(appeal.assignee);
    if (appeal.routing.by != RoutedBy::kNobody || !appeal.routing.suggested_category.empty()) {
      *wire.mutable_routing() = RoutingToWire(appeal.routing);
    }
    AddUrgency(appeal, wire);
    wire.set_similar_count(static_cast<int32_t>(appeal.similar_count));
    AddModeration(appeal, wire);
  }
  if (!appeal.advice.empty()) wire.set_advice(appeal.advice);
  wire.set_supported(relations.supports);
  wire.set_followed(relations.follows);
  return wire;
}

v1::Attachment ToWire(const Attachment& attachment) {
  v1::Attachment wire;
  wire.set_name(AttachmentName(attachment.id));
  wire.set_content_type(attachment.content_type);
  wire.set_size_bytes(attachment.size_bytes);
  wire.set_sha256(attachment.sha256);
  return wire;
}

std::string TextFor(const Entry& entry, View view, const EntryTexts& texts) {
  if (!MaySee(view, entry.audience)) return "";
  return Joined(texts.Get(entry.text), CommentFor(entry, view));
}

v1::Timeline ToWire(absl::Span<const Entry> entries, View view, const EntryTexts& texts) {
  v1::Timeline timeline;
  for (const Entry& entry : entries) {
    if (!MaySee(view, entry.audience)) continue;
    v1::Timeline::Entry& wire = *timeline.add_entries();
    wire.set_id(absl::StrCat(entry.id));
    *wire.mutable_time() = api::ToTimestamp(entry.time);
    wire.set_type(EntryTypeName(entry.type));
    if (entry.state) wire.set_state(static_cast<v1::Appeal::State>(*entry.state));
    *wire.mutable_actor() = ActorToWire(entry.actor);
    std::string comment = TextFor(entry, view, texts);
    if (!comment.empty()) wire.set_comment(std::move(comment));
    for (const Attachment& attachment : entry.attachments) {
      *wire.add_attachments() = ToWire(attachment);
    }
    wire.set_internal(entry.audience == Audience::kStaff);
  }
  return timeline;
}

v1::Message MessageToWire(absl::string_view appeal, const Entry& entry) {
  v1::Message wire;
  wire.set_name(MessageName(appeal, entry.id));
  *wire.mutable_create_time() = api::ToTimestamp(entry.time);
  *wire.mutable_actor() = ActorToWire(entry.actor);
  wire.set_text(entry.comment);
  for (const Attachment& attachment : entry.attachments) {
    *wire.add_attachments() = ToWire(attachment);
  }
  wire.set_internal(entry.audience == Audience::kStaff);
  return wire;
}

}  // namespace veche::appeals

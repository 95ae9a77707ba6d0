#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/id.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/appeals/access.h"
#include "services/appeals/appeal.h"
#include "services/appeals/store.h"
#include "services/appeals/timeline.h"
#include "veche/appeals/v1/appeals.pb.h"

// Between the wire and the domain, and names of resources. Pure.

namespace veche::appeals {

// "appeals/{id}", "attachments/{id}", "appeals/{id}/messages/{n}".
std::string AppealName(absl::string_view id);
std::string AttachmentName(absl::string_view id);
// A time-ordered id with 160 random bits. A guest's upload has no owner whom a token proves: until
// an appeal takes it, its name is what proves who uploaded it, and is told to nobody else.
std::string NewAttachmentId(IdSource& ids);
std::string MessageName(absl::string_view appeal, int64_t entry);
// The id in a name of that form. AppealNotFound, AttachmentNotFound for anything else: no such
// thing can exist.
absl::StatusOr<std::string> ParseAppealName(absl::string_view name);
absl::StatusOr<std::string> ParseAttachmentName(absl::string_view name);
// Whether `name` is "{collection}/{id}" with a plain id.
bool IsNameIn(absl::string_view collection, absl::string_view name);

// Changes with whatever a reader of the view sees: the version, the supporters, the reader's own
// ties.
std::string EtagOf(const Appeal& appeal, View view, const Ties& ties);
// OK when `etag` is empty or of the appeal's version; ETAG_MISMATCH otherwise.
absl::Status CheckEtag(const Appeal& appeal, absl::string_view etag);
// The same for the rules of routing, of which `newest` is in force.
absl::Status CheckRulesEtag(int64_t newest, absl::string_view etag);

// What moderators read of an appeal besides what the public does.
void AddModeration(const Appeal& appeal, v1::Appeal& wire);

// The appeal as `view` may see it. REQUIRES: view is not kNone.
v1::Appeal ToWire(const Appeal& appeal, View view, const Ties& ties = {});
v1::Attachment ToWire(const Attachment& attachment);
// Entries that `view` may see.
v1::Timeline ToWire(absl::Span<const Entry> entries, View view);
v1::Message MessageToWire(absl::string_view appeal, const Entry& entry);

// The data of the event that `note` describes; `before` is the appeal before the change.
std::string EventData(const Appeal& before, const Appeal& appeal, const EventNote& note);

void SetTime(absl::Time time, google::protobuf::Timestamp* wire);
std::optional<absl::Time> TimeFrom(bool present, const google::protobuf::Timestamp& wire);

}  // namespace veche::appeals

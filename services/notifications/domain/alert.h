#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/domain/notice.h"

// Alerts: what editors write, the states that an alert goes through, and its publications. Pure.

namespace veche::notifications {

// The numbers are those of veche.notifications.v1.Alert.Severity.
enum class Severity { kInfo = 1, kWarning = 2, kEmergency = 3 };

// The numbers are those of veche.notifications.v1.Alert.State.
enum class AlertState {
  kDraft = 1,
  kInReview = 2,
  kScheduled = 3,
  kPublished = 4,
  kExpired = 5,
  kCancelled = 6,
  kSuperseded = 7,
};

// Topics. Their names are "topics/{id}".
struct Topic {
  std::string name;
  Titles titles;  // in every language of kLanguages that it has
  int64_t position = 0;
  bool retired = false;
};

struct AlertAction {
  Titles titles;
  std::string link;  // http, https, tel or mailto
};

struct AlertFile {
  std::string hash;  // SHA-256 of the bytes in lower-case hexadecimal
  std::string title;
  std::string content_type;
  int64_t size_bytes = 0;
};

// What an editor writes.
struct AlertContent {
  std::string topic;  // "topics/{id}"
  Severity severity = Severity::kInfo;
  std::vector<std::string> districts;  // "districts/{id}" that the editor names
  std::string area;                    // a GeoJSON geometry; "" for none
  Titles titles;
  Titles bodies;
  Titles instructions;
  std::string link;
  std::vector<AlertAction> actions;
  std::vector<AlertFile> files;
};

struct Alert {
  std::string id;   // ULID
  int64_t seq = 0;  // of the newest post; 0: never published
  AlertState state = AlertState::kDraft;
  AlertContent content;
  // Whom it concerns: the districts of the content, and those that its area intersects, by name.
  // Empty: the whole city.
  std::vector<std::string> districts;
  std::optional<absl::Time> publish_time;  // planned, or of the first publication
  std::optional<absl::Time> expire_time;
  std::string supersedes;     // id of an alert, or ""
  std::string superseded_by;  // id of an alert, or ""
  int64_t revision = 0;       // of the newest post; 0: never published
  std::string author;         // "staff/{id}"
  std::string editor;         // who changed it last
  std::string comment;        // why it came back from review
  std::string cancel_reason;
  std::string source;  // of an imported one: "sender,identifier,sent" of its CAP document
  absl::Time create_time;
  absl::Time update_time;
  int64_t version = 1;
};

// "alerts/{id}", and the id in such a name: "" for any other text.
std::string AlertName(absl::string_view id);
std::string AlertId(absl::string_view name);

// The types of posts.
inline constexpr char kAlertPublished[] = "veche.alerts.published";
inline constexpr char kAlertUpdated[] = "veche.alerts.updated";
inline constexpr char kAlertCancelled[] = "veche.alerts.cancelled";

// One publication of an alert: who is told of it, and in which order. Never changes.
struct AlertPost {
  int64_t seq = 0;       // in one sequence with Notice::seq
  std::string alert;     // id
  int64_t revision = 1;  // of the alert: 1, 2 …
  std::string type;      // kAlertPublished, kAlertUpdated, kAlertCancelled
  Severity severity = Severity::kInfo;
  std::string topic;                   // "topics/{id}"
  std::vector<std::string> districts;  // by name; empty: the whole city
  absl::Time create_time;
  std::optional<absl::Time> expire_time;
};

// An earlier post, as CAP refers to it.
struct AlertReference {
  std::string alert;  // id
  int64_t revision = 0;
  absl::Time time;  // of its post

  friend bool operator==(const AlertReference&, const AlertReference&) = default;
};

// What a publication said. Never changes.
struct AlertRevision {
  std::string alert;  // id
  int64_t revision = 1;
  AlertContent content;
  std::optional<absl::Time> publish_time;
  std::optional<absl::Time> expire_time;
  std::string cancel_reason;               // of a cancellation
  std::vector<AlertReference> references;  // earlier posts of the same matter, oldest first
  absl::Time create_time;
};

// A post with what it says.
struct PublishedAlert {
  AlertPost post;
  AlertRevision revision;
};

// --- The state machine. Each step changes `alert` or returns an error and changes nothing. The
// caller is "staff/{id}", or a service for operators' commands, which need no second editor. ---

// Whether everybody may read the alert: it was published once.
inline bool IsPublic(const Alert& alert) { return alert.seq != 0; }
// The state that people see: the clock is ahead of the worker that expires alerts.
AlertState StateAt(const Alert& alert, absl::Time now);
// "PUBLISHED".
absl::string_view StateName(AlertState state);

// What a step does besides changing the alert.
enum class AlertStep { kNone, kPost };

// A change of the content or the times by `editor`. kPost: it must be published as the next
// revision. ALERT_NEEDS_REVIEW when a published alert is or becomes an EMERGENCY, ALERT_STATE when
// the alert is over.
absl::StatusOr<AlertStep> Edit(Alert& alert, Alert changed, absl::string_view editor,
                               absl::Time now);
// DRAFT to IN_REVIEW. ALERT_STATE.
absl::Status RequestReview(Alert& alert, absl::Time now);
// IN_REVIEW to DRAFT. ALERT_STATE.
absl::Status Return(Alert& alert, absl::string_view comment, absl::Time now);
// To PUBLISHED (kPost), or to SCHEDULED when the publish time is in the future. ALERT_STATE,
// ALERT_NEEDS_REVIEW for an EMERGENCY that is not IN_REVIEW, SECOND_EDITOR_NEEDED, ALERT_EXPIRED
// when the expire time has passed.
absl::StatusOr<AlertStep> Publish(Alert& alert, absl::string_view caller, absl::Time now);
// To CANCELLED; kPost when people were told of it. ALERT_STATE.
absl::StatusOr<AlertStep> Cancel(Alert& alert, absl::string_view reason, absl::Time now);
// What the clock does: a scheduled alert is published (kPost) when due, and an alert expires.
AlertStep Advance(Alert& alert, absl::Time now);
// PUBLISHED to SUPERSEDED by the alert `by`; nothing when the alert is over.
void Supersede(Alert& alert, absl::string_view by, absl::Time now);

// The type of an alert's next post.
absl::string_view PostType(const Alert& alert);

}  // namespace veche::notifications

#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/sql/columns.h"
#include "services/notifications/domain/alert.h"
#include "services/notifications/wire/alert_content.h"

// The columns of alerts, posts and revisions. For the store of alerts alone.

namespace veche::notifications {

// A column with a list of names, separated by spaces.
template <typename Object, auto kMember>
constexpr sql::Column<Object> NamesColumn(absl::string_view name) {
  return {name,
          [](const Object& object) { return sql::Value(absl::StrJoin(object.*kMember, " ")); },
          [](const sql::Row& row, size_t position, Object& object) {
            object.*kMember = absl::StrSplit(row.Text(position), ' ', absl::SkipEmpty());
          }};
}

// What an editor writes, as a serialised message.
template <typename Object>
constexpr sql::Column<Object> ContentColumn() {
  return {"content",
          [](const Object& object) {
            v1::Alert wire;
            WriteContent(object.content, wire);
            return sql::Value(sql::Blob{wire.SerializeAsString()});
          },
          [](const sql::Row& row, size_t position, Object& object) {
            v1::Alert wire;
            if (wire.ParseFromString(row.Bytes(position))) object.content = ReadContent(wire);
          }};
}

// Earlier posts as "id.revision@micros".
std::string EncodeReferences(const std::vector<AlertReference>& references);
std::vector<AlertReference> DecodeReferences(absl::string_view text);

template <auto... kPath>
constexpr sql::Column<Alert> AlertColumn(absl::string_view name) {
  return sql::MemberColumn<Alert, kPath...>(name);
}

inline constexpr sql::Column<Alert> kAlertColumns[] = {
    AlertColumn<&Alert::id>("id"),
    AlertColumn<&Alert::seq>("seq"),
    AlertColumn<&Alert::state>("state"),
    ContentColumn<Alert>(),
    // Written for indexes; the content has them too.
    {"topic", [](const Alert& alert) { return sql::Value(alert.content.topic); }, nullptr},
    {"severity",
     [](const Alert& alert) { return sql::Value(static_cast<int64_t>(alert.content.severity)); },
     nullptr},
    NamesColumn<Alert, &Alert::districts>("districts"),
    AlertColumn<&Alert::publish_time>("publish_time"),
    AlertColumn<&Alert::expire_time>("expire_time"),
    AlertColumn<&Alert::supersedes>("supersedes"),
    AlertColumn<&Alert::superseded_by>("superseded_by"),
    AlertColumn<&Alert::revision>("revision"),
    AlertColumn<&Alert::author>("author"),
    AlertColumn<&Alert::editor>("editor"),
    AlertColumn<&Alert::comment>("comment"),
    AlertColumn<&Alert::cancel_reason>("cancel_reason"),
    AlertColumn<&Alert::source>("source"),
    AlertColumn<&Alert::create_time>("create_time"),
    AlertColumn<&Alert::update_time>("update_time"),
    AlertColumn<&Alert::version>("version"),
};

template <auto... kPath>
constexpr sql::Column<AlertPost> PostColumn(absl::string_view name) {
  return sql::MemberColumn<AlertPost, kPath...>(name);
}

inline constexpr sql::Column<AlertPost> kPostColumns[] = {
    PostColumn<&AlertPost::seq>("seq"),
    PostColumn<&AlertPost::alert>("alert"),
    PostColumn<&AlertPost::revision>("revision"),
    PostColumn<&AlertPost::type>("type"),
    PostColumn<&AlertPost::severity>("severity"),
    PostColumn<&AlertPost::topic>("topic"),
    NamesColumn<AlertPost, &AlertPost::districts>("districts"),
    PostColumn<&AlertPost::create_time>("create_time"),
    PostColumn<&AlertPost::expire_time>("expire_time"),
};

template <auto... kPath>
constexpr sql::Column<AlertRevision> RevisionColumn(absl::string_view name) {
  return sql::MemberColumn<AlertRevision, kPath...>(name);
}

inline constexpr sql::Column<AlertRevision> kRevisionColumns[] = {
    RevisionColumn<&AlertRevision::alert>("alert"),
    RevisionColumn<&AlertRevision::revision>("revision"),
    ContentColumn<AlertRevision>(),
    RevisionColumn<&AlertRevision::publish_time>("publish_time"),
    RevisionColumn<&AlertRevision::expire_time>("expire_time"),
    RevisionColumn<&AlertRevision::cancel_reason>("cancel_reason"),
    {"refers_to",
     [](const AlertRevision& revision) {
       return sql::Value(EncodeReferences(revision.references));
     },
     [](const sql::Row& row, size_t position, AlertRevision& revision) {
       revision.references = DecodeReferences(row.Text(position));
     }},
    RevisionColumn<&AlertRevision::create_time>("create_time"),
};

}  // namespace veche::notifications

#include "services/notifications/storage/subscription_row.h"

#include <optional>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kSeparator = " ";  // of lists; no name has one

template <auto kMember>
constexpr sql::Column<Subscription> Field(absl::string_view name) {
  return sql::MemberColumn<Subscription, kMember>(name);
}

template <auto kMember>
constexpr sql::Column<Subscription> List(absl::string_view name) {
  return {name,
          [](const Subscription& object) {
            return sql::Value(absl::StrJoin(object.*kMember, kSeparator));
          },
          [](const sql::Row& row, size_t position, Subscription& object) {
            object.*kMember = absl::StrSplit(row.Text(position), kSeparator, absl::SkipEmpty());
          }};
}

// A number of the quiet hours; NULL without quiet hours.
template <auto kMember>
constexpr sql::Column<Subscription> QuietMinute(absl::string_view name) {
  return {name,
          [](const Subscription& object) {
            return object.quiet_hours ? sql::Value((*object.quiet_hours).*kMember) : sql::Value();
          },
          [](const sql::Row& row, size_t position, Subscription& object) {
            if (row.IsNull(position)) return;
            if (!object.quiet_hours) object.quiet_hours.emplace();
            (*object.quiet_hours).*kMember = static_cast<int>(row.Int(position));
          }};
}

constexpr sql::Column<Subscription> kColumns[] = {
    Field<&Subscription::id>("id"),
    Field<&Subscription::subscriber>("subscriber"),
    List<&Subscription::topics>("topics"),
    List<&Subscription::muted>("muted"),
    List<&Subscription::districts>("districts"),
    {"home_district",
     [](const Subscription& object) {
       return object.home_district ? sql::Value(absl::string_view(*object.home_district))
                                   : sql::Value();
     },
     [](const sql::Row& row, size_t position, Subscription& object) {
       if (!row.IsNull(position)) object.home_district = row.Text(position);
     }},
    Field<&Subscription::channels>("channels"),
    QuietMinute<&QuietHours::start>("quiet_start"),
    QuietMinute<&QuietHours::end>("quiet_end"),
    {"time_zone",
     [](const Subscription& object) {
       return sql::Value(
           absl::string_view(object.quiet_hours ? object.quiet_hours->time_zone : ""));
     },
     [](const sql::Row& row, size_t position, Subscription& object) {
       if (object.quiet_hours) object.quiet_hours->time_zone = row.Text(position);
     }},
    {"digest_minute",
     [](const Subscription& object) {
       const bool known = object.quiet_hours && object.quiet_hours->digest_minute;
       return known ? sql::Value(*object.quiet_hours->digest_minute) : sql::Value();
     },
     [](const sql::Row& row, size_t position, Subscription& object) {
       if (!row.IsNull(position) && object.quiet_hours) {
         object.quiet_hours->digest_minute = static_cast<int>(row.Int(position));
       }
     }},
    Field<&Subscription::language>("language"),
    Field<&Subscription::contact_messages>("contact_messages"),
    Field<&Subscription::read_through>("read_through"),
    Field<&Subscription::token_hash>("token_hash"),
    Field<&Subscription::create_time>("create_time"),
    Field<&Subscription::update_time>("update_time"),
    Field<&Subscription::version>("version"),
};

}  // namespace

absl::Span<const sql::Column<Subscription>> SubscriptionColumns() { return kColumns; }

std::string SubscriptionColumnList(absl::string_view qualifier) {
  return sql::ColumnList(kColumns, qualifier);
}

Subscription ReadSubscription(const sql::Row& row) { return sql::ReadObject(kColumns, row); }

std::vector<Subscription> ReadSubscriptions(const std::vector<sql::Row>& rows) {
  std::vector<Subscription> subscriptions;
  subscriptions.reserve(rows.size());
  for (const sql::Row& row : rows) subscriptions.push_back(ReadSubscription(row));
  return subscriptions;
}

}  // namespace veche::notifications

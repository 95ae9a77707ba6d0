#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/columns.h"
#include "services/notifications/domain/subscription.h"

namespace veche::notifications {

// The columns of the table subscriptions, in their order; `id` and `subscriber` come first.
absl::Span<const sql::Column<Subscription>> SubscriptionColumns();
// "s.id, s.subscriber, …" behind `qualifier` ("s.").
std::string SubscriptionColumnList(absl::string_view qualifier = "");
// Reads a row that begins with SubscriptionColumnList.
Subscription ReadSubscription(const sql::Row& row);
std::vector<Subscription> ReadSubscriptions(const std::vector<sql::Row>& rows);

}  // namespace veche::notifications

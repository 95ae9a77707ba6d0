#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "services/notifications/domain/contact_notice.h"
#include "services/notifications/domain/unsubscription.h"

namespace veche::notifications {

// Notices that leave by contact, and who wants no more of them. Methods are steps of the caller's
// transaction, with the errors of sql::Transaction. Thread-safe.
class ContactStore {
 public:
  // The notices of `event` with a number above `after`, by number: number and recipient.
  absl::StatusOr<std::vector<std::pair<int64_t, std::string>>> NoticesOf(
      sql::Transaction& transaction, absl::string_view event, int64_t after);
  // Those of the notices that exist still, by number.
  absl::StatusOr<std::map<int64_t, ContactNotice>> GetNotices(sql::Transaction& transaction,
                                                              absl::Span<const int64_t> numbers);

  // Ends the messages to a resident about a subject, or about all when the subject is "". A repeat
  // changes nothing.
  absl::Status OptOut(sql::Transaction& transaction, const Unsubscription& what, absl::Time now);
  // Undoes OptOut for a topic ("topics/{id}").
  absl::Status OptIn(sql::Transaction& transaction, absl::string_view resident,
                     absl::string_view topic);
  // Undoes OptOut for all topics and for "".
  absl::Status OptIntoAlerts(sql::Transaction& transaction, absl::string_view resident);
  // The pairs that OptOut stored for `residents`; of all subjects the subject is "".
  absl::StatusOr<std::set<std::pair<std::string, std::string>>> OptOuts(
      sql::Transaction& transaction, absl::Span<const std::string> residents);
};

}  // namespace veche::notifications

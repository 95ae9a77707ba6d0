#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/appeal_row.h"
#include "services/appeals/storage/attachment_rows.h"
#include "services/appeals/storage/statement.h"
#include "services/appeals/storage/store.h"

// Inboxes: open appeals and appeals that wait for a moderator are ordered by due time, ended
// appeals by age, newest first.

namespace veche::appeals {
namespace {

constexpr int kOpenStates = 5;  // SUBMITTED to NEEDS_INFO, as the indexes say

bool ListsOver(const InboxFilter& filter) {
  return !filter.flagged && filter.state && static_cast<int>(*filter.state) > kOpenStates;
}

// The conditions of the driving index, and the place to continue from.
void AddDriver(Statement& statement, const InboxFilter& filter,
               const std::optional<InboxPosition>& from) {
  if (!filter.flagged && !filter.department.empty()) {
    statement.And("a.department", "=", filter.department);
  }
  if (ListsOver(filter)) {
    statement.And("a.state > 5").And("a.state", "=", static_cast<int>(*filter.state));
    if (from) statement.And("a.ord", "<", from->second);
    return;
  }
  statement.And(filter.flagged ? "a.flagged = 1" : "a.state <= 5");
  if (!filter.flagged && filter.department.empty() && !filter.assignee.empty()) {
    statement.And("a.assignee", "=", filter.assignee);
  }
  if (filter.overdue_at) statement.And("a.due_order", "<", ToMicros(*filter.overdue_at));
  if (from) {
    const std::string due = statement.Bind(from->first);
    const std::string key = statement.Bind(from->second);
    statement.And(absl::StrCat("(a.due_order, a.ord) > (", due, ", ", key, ")"));
  }
}

void AddWeak(Statement& statement, const InboxFilter& filter) {
  if (filter.state && !ListsOver(filter)) {
    statement.And("(a.state + 0)", "=", static_cast<int>(*filter.state));
  }
  if (filter.priority) statement.And("(a.priority + 0)", "=", static_cast<int>(*filter.priority));
  if (filter.flagged && !filter.department.empty()) {
    statement.And("(a.department || '')", "=", filter.department);
  }
  if (!filter.assignee.empty() &&
      (filter.flagged || !filter.department.empty() || ListsOver(filter))) {
    statement.And("(a.assignee || '')", "=", filter.assignee);
  }
}

}  // namespace

InboxPosition PositionOf(const Appeal& appeal) {
  return {appeal.due ? ToMicros(*appeal.due) : kNoDueOrder, TimeKey(appeal.id)};
}

absl::StatusOr<InboxPage> Store::Inbox(const InboxFilter& filter, std::optional<InboxPosition> from,
                                       int limit) {
  const std::string order =
      ListsOver(filter) ? " ORDER BY a.ord DESC" : " ORDER BY a.due_order, a.ord";
  InboxPage page;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    page = {};
    std::optional<InboxPosition> bound;
    Statement weak("");
    AddWeak(weak, filter);
    if (weak.conditions() > 0) {
      Statement probe("SELECT a.due_order, a.ord FROM appeals a");
      AddDriver(probe, filter, from);
      probe.Append(absl::StrCat(order, " LIMIT 1 OFFSET ", probe.Bind(limits_.rows)));
      ASSIGN_OR_RETURN(auto rows, probe.Query(transaction));
      if (!rows.empty()) bound.emplace(rows[0].Int(0), rows[0].Int(1));
    }
    Statement statement(absl::StrCat(AppealSelect(), " FROM appeals a"));
    AddDriver(statement, filter, from);
    AddWeak(statement, filter);
    if (bound && ListsOver(filter)) {
      statement.And("a.ord", ">=", bound->second);
    } else if (bound) {
      const std::string due = statement.Bind(bound->first);
      const std::string key = statement.Bind(bound->second);
      statement.And(absl::StrCat("(a.due_order, a.ord) <= (", due, ", ", key, ")"));
    }
    statement.Append(absl::StrCat(order, " LIMIT ", statement.Bind(limit + 1)));
    ASSIGN_OR_RETURN(auto rows, statement.Query(transaction));
    for (const sql::Row& row : rows) page.appeals.push_back(ReadAppeal(row));
    page.next = bound;
    if (page.appeals.size() > static_cast<size_t>(limit)) {
      page.appeals.resize(limit);
      page.next = PositionOf(page.appeals.back());
    }
    return FillAttachments(transaction, absl::MakeSpan(page.appeals));
  }));
  return page;
}

}  // namespace veche::appeals

#pragma once

#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/sql/columns.h"
#include "services/polling/domain/initiative.h"

// The columns of initiatives and of their history.

namespace veche::polling {

template <auto kMember>
constexpr sql::Column<Initiative> InitiativeField(absl::string_view name) {
  return sql::MemberColumn<Initiative, kMember>(name);
}
template <auto kMember>
constexpr sql::Column<InitiativeEntry> EntryField(absl::string_view name) {
  return sql::MemberColumn<InitiativeEntry, kMember>(name);
}

// Without the terms, which are never read with the others.
inline constexpr sql::Column<Initiative> kInitiativeColumns[] = {
    InitiativeField<&Initiative::id>("id"),
    InitiativeField<&Initiative::state>("state"),
    InitiativeField<&Initiative::published>("published"),
    InitiativeField<&Initiative::author>("author"),
    InitiativeField<&Initiative::title>("title"),
    InitiativeField<&Initiative::text>("text"),
    InitiativeField<&Initiative::masked_title>("masked_title"),
    InitiativeField<&Initiative::masked_text>("masked_text"),
    InitiativeField<&Initiative::district>("district"),
    InitiativeField<&Initiative::category>("category"),
    {"pictures",
     [](const Initiative& initiative) {
       return sql::Value(absl::StrJoin(initiative.pictures, "\n"));
     },
     [](const sql::Row& row, size_t position, Initiative& initiative) {
       initiative.pictures = absl::StrSplit(row.Text(position), '\n', absl::SkipEmpty());
     }},
    InitiativeField<&Initiative::supporter_count>("supporter_count"),
    InitiativeField<&Initiative::comment_count>("comment_count"),
    InitiativeField<&Initiative::threshold>("threshold"),
    InitiativeField<&Initiative::created>("create_time"),
    InitiativeField<&Initiative::end>("end_time"),
    InitiativeField<&Initiative::response_due>("response_due"),
    InitiativeField<&Initiative::next_check>("next_check"),
    InitiativeField<&Initiative::overdue>("overdue"),
    InitiativeField<&Initiative::merged_into>("merged_into"),
    InitiativeField<&Initiative::rejection_reason>("rejection_reason"),
    InitiativeField<&Initiative::response_text>("response_text"),
    InitiativeField<&Initiative::response_department>("response_department"),
    InitiativeField<&Initiative::response_time>("response_time"),
};

inline constexpr sql::Column<InitiativeEntry> kInitiativeEntryColumns[] = {
    EntryField<&InitiativeEntry::type>("type"),
    EntryField<&InitiativeEntry::time>("at"),
    EntryField<&InitiativeEntry::actor>("actor"),
    EntryField<&InitiativeEntry::department>("department"),
    EntryField<&InitiativeEntry::title>("title"),
    EntryField<&InitiativeEntry::text>("text"),
};

}  // namespace veche::polling

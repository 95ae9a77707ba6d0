#include "services/polling/lifecycle/lifecycle.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/events/type_name.h"
#include "services/polling/domain/errors.h"
#include "services/polling/protocol/ballot.h"
#include "services/polling/protocol/check_ballot.h"
#include "services/polling/protocol/closing_record.h"
#include "services/polling/protocol/verify_board.h"
#include "services/polling/wire/convert.h"

namespace veche::polling {
namespace {

constexpr int kEntriesAtOnce = 1000;

v1::PollingEvent EventOf(const Poll& poll, v1::PollingEvent::Type type) {
  v1::PollingEvent event;
  event.set_subject(PollName(poll.id));
  for (const auto& [language, title] : poll.definition.titles) {
    (*event.mutable_titles())[language] = title;
  }
  for (const std::string& district : poll.definition.districts) event.add_districts(district);
  if (type != v1::PollingEvent::POLL_OPENED) return event;
  for (const std::string& subject : poll.subjects) {
    if (absl::StartsWith(subject, "appeals/")) event.add_appeals(subject);
  }
  return event;
}

}  // namespace

absl::StatusOr<Poll> Lifecycle::Get(absl::string_view id) {
  std::optional<Poll> poll;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(poll, parts_.polls.Get(transaction, id));
    return absl::OkStatus();
  }));
  if (!poll) return PollNotFound(PollName(id));
  return *std::move(poll);
}

absl::Status Lifecycle::ChangePoll(absl::string_view id, Change change) {
  return parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<Poll> poll, parts_.polls.Lock(transaction, id));
    if (!poll) return PollNotFound(PollName(id));
    RETURN_IF_ERROR(change(transaction, *poll));
    return parts_.polls.Update(transaction, *poll);
  });
}

absl::Status Lifecycle::Log(sql::Transaction& transaction, const Poll& poll,
                            v1::PollingEvent::Type type) {
  return parts_.log.Append(transaction, parts_.log.Make(events::TypeName(type), PollName(poll.id),
                                                        EventOf(poll, type).SerializeAsString()));
}

absl::Status Lifecycle::Schedule(absl::string_view id) {
  const int64_t now = absl::ToUnixSeconds(parts_.clock.Now());
  return ChangePoll(id, [&](sql::Transaction&, Poll& poll) -> absl::Status {
    if (poll.state != PollState::kDraft) return absl::OkStatus();
    poll.definition.open_time = std::max(now, poll.definition.open_time);
    if (poll.definition.close_time <= poll.definition.open_time) return PollAlreadyOver();
    poll.state = PollState::kScheduled;
    return absl::OkStatus();
  });
}

absl::Status Lifecycle::BeginClosing(absl::string_view id) {
  const absl::Time now = parts_.clock.Now();
  return ChangePoll(id, [&](sql::Transaction& transaction, Poll& poll) -> absl::Status {
    if (poll.state == PollState::kDraft || poll.tree_size == 0) return PollNotOpen();
    if (poll.state >= PollState::kClosing) return absl::OkStatus();
    poll.close_time = std::min(poll.close_time, now);
    poll.state = PollState::kClosing;
    return parts_.polls.CloseGate(transaction, poll.id);
  });
}

absl::Status Lifecycle::KeepTime(absl::string_view id) {
  ASSIGN_OR_RETURN(Poll poll, Get(id));
  const absl::Time now = parts_.clock.Now();
  if (poll.state == PollState::kScheduled && poll.tree_size > 0 && now >= OpenTime(poll)) {
    RETURN_IF_ERROR(Open(poll));
    ASSIGN_OR_RETURN(poll, Get(id));
  }
  if (IsClosingSoon(poll, now) && !poll.closing_noticed) RETURN_IF_ERROR(Notice(poll));
  const bool over = poll.state == PollState::kOpen && now >= poll.close_time;
  return over ? BeginClosing(id) : absl::OkStatus();
}

absl::Status Lifecycle::AskIssuers(absl::string_view id) {
  ASSIGN_OR_RETURN(const Poll poll, Get(id));
  if (poll.state == PollState::kScheduled && poll.tree_size == 0) {
    return parts_.clock.Now() >= poll.close_time ? GiveUp(poll) : MakeBoard(poll);
  }
  if (poll.state != PollState::kClosing) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool recorded, HasClosingRecord(poll));
  if (recorded) return absl::OkStatus();
  RETURN_IF_ERROR(AppendLastBallots(poll));
  return AppendClosingRecord(poll);
}

// The keys come first: each issuer gives the same key again for the same poll.
absl::Status Lifecycle::MakeBoard(const Poll& poll) {
  std::vector<protocol::Definition::Issuer> issuers;
  for (const protocol::Definition::Issuer& issuer : poll.definition.issuers) {
    ASSIGN_OR_RETURN(protocol::Definition::Issuer keys,
                     parts_.issuers.CreateKey(issuer.name, poll.definition));
    issuers.push_back(std::move(keys));
  }
  // What is fixed now can never be mended, and one of the issuers may be another body's.
  protocol::Definition definition = poll.definition;
  definition.issuers = issuers;
  definition.board_key = parts_.board.PublicKey();
  RETURN_IF_ERROR(protocol::ParseDefinition(protocol::EncodeDefinition(definition)).status());
  RETURN_IF_ERROR(protocol::BallotChecker::Create(definition).status());
  ASSIGN_OR_RETURN(const int64_t eligible, parts_.city.CountEligible(poll.definition));
  return ChangePoll(poll.id, [&](sql::Transaction& transaction, Poll& locked) -> absl::Status {
    if (locked.tree_size > 0) return absl::OkStatus();  // another replica was faster
    locked.definition = definition;
    locked.eligible = eligible;
    RETURN_IF_ERROR(parts_.board.Append(
        transaction, locked,
        {protocol::EncodeEntry(protocol::EntryKind::kDefinition,
                               protocol::EncodeDefinition(locked.definition))}));
    return parts_.polls.OpenGate(transaction, locked);
  });
}

// An issuer did not answer until the close time: nobody could vote, so the poll is a draft again.
absl::Status Lifecycle::GiveUp(const Poll& poll) {
  parts_.telemetry.logger->Error("poll without keys at its close is a draft again",
                                 {{"poll", poll.id}});
  return ChangePoll(poll.id, [&](sql::Transaction&, Poll& locked) {
    if (locked.tree_size == 0) locked.state = PollState::kDraft;
    return absl::OkStatus();
  });
}

absl::Status Lifecycle::Open(const Poll& poll) {
  return ChangePoll(poll.id, [&](sql::Transaction& transaction, Poll& locked) -> absl::Status {
    if (locked.state != PollState::kScheduled) return absl::OkStatus();
    locked.state = PollState::kOpen;
    return Log(transaction, locked, v1::PollingEvent::POLL_OPENED);
  });
}

absl::Status Lifecycle::Notice(const Poll& poll) {
  return ChangePoll(poll.id, [&](sql::Transaction& transaction, Poll& locked) -> absl::Status {
    if (locked.closing_noticed) return absl::OkStatus();
    locked.closing_noticed = true;
    return Log(transaction, locked, v1::PollingEvent::POLL_CLOSING_SOON);
  });
}

absl::Status Lifecycle::Count(absl::string_view id) {
  ASSIGN_OR_RETURN(const Poll poll, Get(id));
  if (poll.state != PollState::kClosing) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool recorded, HasClosingRecord(poll));
  if (!recorded) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Results results, CountBoard(poll));
  return ChangePoll(poll.id, [&](sql::Transaction& transaction, Poll& locked) -> absl::Status {
    if (locked.state == PollState::kClosed) return absl::OkStatus();
    locked.results = results.SerializeAsString();
    locked.state = PollState::kClosed;
    return Log(transaction, locked, v1::PollingEvent::POLL_CLOSED);
  });
}

absl::StatusOr<bool> Lifecycle::HasClosingRecord(const Poll& poll) {
  if (poll.state < PollState::kClosing) return false;
  std::vector<std::string> last;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(last, parts_.entries.ListEntries(transaction, poll.id, poll.tree_size - 1, 1));
    return absl::OkStatus();
  }));
  return !last.empty() && !last[0].empty() &&
         last[0][0] == static_cast<char>(protocol::EntryKind::kClosingRecord);
}

absl::Status Lifecycle::AppendLastBallots(const Poll& poll) {
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(
        ChangePoll(poll.id, [&](sql::Transaction& transaction, Poll& locked) -> absl::Status {
          ASSIGN_OR_RETURN(const auto leaves, parts_.board.AppendBatch(transaction, locked));
          more = !leaves.empty();
          return absl::OkStatus();
        }));
  }
  return absl::OkStatus();
}

absl::Status Lifecycle::AppendClosingRecord(const Poll& poll) {
  protocol::ClosingRecord record{.close_time = absl::ToUnixSeconds(poll.close_time)};
  for (const protocol::Definition::Issuer& issuer : poll.definition.issuers) {
    ASSIGN_OR_RETURN(Issued issued, parts_.issuers.Close(issuer.name, poll.id));
    issued.counts.name = issuer.name;  // the other body may call itself otherwise
    if (!protocol::VerifyIssuedStatement(poll.id, static_cast<uint64_t>(issued.counts.issued), true,
                                         issuer.public_key, issuer.statement_key,
                                         issued.counts.statement)) {
      return absl::UnavailableError(
          absl::StrCat("the final statement of the issuer ", issuer.name, " is not valid"));
    }
    record.issuers.push_back(std::move(issued.counts));
  }
  ASSIGN_OR_RETURN(record.eligible, parts_.city.CountEligible(poll.definition));
  const std::string entry = protocol::EncodeEntry(protocol::EntryKind::kClosingRecord,
                                                  protocol::EncodeClosingRecord(record));
  return ChangePoll(poll.id, [&](sql::Transaction& transaction, Poll& locked) -> absl::Status {
    ASSIGN_OR_RETURN(const auto last,
                     parts_.entries.ListEntries(transaction, locked.id, locked.tree_size - 1, 1));
    if (last.at(0).at(0) == entry[0]) return absl::OkStatus();  // another replica was faster
    locked.eligible = record.eligible;
    return parts_.board.Append(transaction, locked, {entry});
  });
}

// The published result is made by the code that everybody can run: protocol::BoardVerifier.
absl::StatusOr<v1::Results> Lifecycle::CountBoard(const Poll& poll) {
  protocol::BoardVerifier verifier(poll.id, poll.definition.board_key);
  for (uint64_t start = 0; start < poll.tree_size;) {
    std::vector<std::string> entries;
    RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(entries,
                       parts_.entries.ListEntries(transaction, poll.id, start, kEntriesAtOnce));
      return absl::OkStatus();
    }));
    if (entries.empty()) return absl::DataLossError("entries of a board are missing");
    for (const std::string& entry : entries) verifier.Add(entry);
    start += entries.size();
  }
  const protocol::Report report = verifier.Finish(HeadOf(poll));
  v1::Results results;
  results.set_final(true);
  results.set_ballot_count(report.voters);
  if (report.closing_record && !report.closing_record->issuers.empty()) {
    results.set_issued_count(report.closing_record->issuers.front().issued);
  }
  results.set_eligible_count(poll.eligible);
  results.set_turnout(Turnout(report.voters, poll.eligible));
  AddResults(poll.definition, report.results, results);
  results.set_tree_size(static_cast<int64_t>(poll.tree_size));
  results.set_result_hash(report.result_hash);
  for (const protocol::Fault& fault : report.faults) results.add_faults(fault.detail);
  if (report.fault_count > 0) {
    parts_.telemetry.logger->Error(
        "a poll's board has faults",
        {{"poll", poll.id}, {"faults", absl::StrCat(report.fault_count)}});
  }
  return results;
}

}  // namespace veche::polling

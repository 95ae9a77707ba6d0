#include "services/identity/workers/ended_session_feed.h"

#include <algorithm>
#include <utility>

#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"

namespace veche::identity {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(500);
// No transaction stays open for so long: what commits now has ended since then.
constexpr absl::Duration kRecent = absl::Minutes(1);
constexpr size_t kAtOnce = 1000;      // sessions in a message
constexpr size_t kMostMessages = 32;  // at the start of a stream; its queue holds more

// False when the stream is over.
bool Send(EndedSessionStream& stream, absl::Span<const EndedSession> sessions) {
  size_t sent = 0;
  do {
    v1::FollowEndedSessionsResponse response;
    for (const EndedSession& session : sessions.subspan(sent, kAtOnce)) {
      v1::EndedSession& ended = *response.add_sessions();
      ended.set_session(session.id);
      *ended.mutable_end_time() = api::ToTimestamp(session.end_time);
    }
    sent += kAtOnce;
    if (!stream.writer->Write(std::move(response))) return false;
  } while (sent < sessions.size());
  return true;
}

}  // namespace

EndedSessionFeed::EndedSessionFeed(EndedSessionHub& hub, sql::Database& database, Store& store,
                                   const Clock& clock, observe::Telemetry& telemetry)
    : hub_(hub),
      database_(database),
      store_(store),
      clock_(clock),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("ended-sessions", telemetry), [this] { return Step(); }),
      others_(database.OpenNotifier("sessions", [this] { worker_.Wake(); })) {
  hub_.SetListener([this] { worker_.Wake(); });
}

EndedSessionFeed::~EndedSessionFeed() {
  Stop();
  hub_.SetListener(nullptr);
}

void EndedSessionFeed::Ended() {
  worker_.Wake();
  if (others_ != nullptr) others_->Notify();
}

absl::Duration EndedSessionFeed::Step() {
  if (hub_.empty()) {
    sent_.clear();
    return absl::InfiniteDuration();
  }
  if (const absl::Status fed = Feed(); !fed.ok()) {
    telemetry_.logger->Error("ended sessions not sent", {{"error", fed.ToString()}});
    return kPoll;  // tried again
  }
  return others_ == nullptr ? absl::InfiniteDuration() : kPoll;
}

absl::Status EndedSessionFeed::Feed() {
  const absl::Time now = clock_.Now();
  ASSIGN_OR_RETURN(std::vector<EndedSession> recent, Read(now - kRecent));
  const std::vector<EndedSession> fresh = Unsent(std::move(recent));
  if (!fresh.empty()) {
    for (const auto& stream :
         hub_.Select([](const EndedSessionStream& stream) { return stream.begun; })) {
      Send(*stream, fresh);
    }
  }
  const auto opened = hub_.Select([](const EndedSessionStream& stream) { return !stream.begun; });
  if (opened.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<EndedSession> all, Read(now - kKeepEndedSessions));
  const size_t most = std::min(all.size(), kAtOnce * kMostMessages);
  for (const auto& stream : opened) {
    stream->begun = true;
    Send(*stream, absl::MakeConstSpan(all).last(most));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<EndedSession>> EndedSessionFeed::Read(absl::Time since) {
  std::vector<EndedSession> sessions;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(sessions, store_.ListEndedSessions(transaction, since));
    return absl::OkStatus();
  }));
  return sessions;
}

std::vector<EndedSession> EndedSessionFeed::Unsent(std::vector<EndedSession> sessions) {
  std::vector<EndedSession> unsent;
  for (EndedSession& session : sessions) {
    if (!sent_.emplace(session.id, session.end_time).second) continue;
    unsent.push_back(std::move(session));
  }
  absl::erase_if(sent_, [limit = clock_.Now() - 2 * kRecent](const auto& entry) {
    return entry.second < limit;
  });
  return unsent;
}

}  // namespace veche::identity

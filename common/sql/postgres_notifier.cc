#include "common/sql/postgres_notifier.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/postgres_connection.h"

namespace veche::sql {
namespace {

// Gathers the commits of a moment into one notification.
constexpr absl::Duration kGather = absl::Milliseconds(3);
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);  // before connecting again
constexpr absl::Duration kLongestPause = absl::Seconds(5);
// An idle connection is asked for life, so that one that is dead without a word is replaced.
constexpr absl::Duration kIdle = absl::Seconds(15);

// A server that does not answer for so long is given up.
constexpr absl::Duration kPatience = absl::Seconds(5);
constexpr int kTick = 100;  // milliseconds between looks at stopping_

}  // namespace

void PostgresNotifier::Close::operator()(pg_conn* handle) const { PQfinish(handle); }

PostgresNotifier::PostgresNotifier(std::string connection, absl::string_view channel,
                                   std::function<void()> listener)
    : connection_(std::move(connection)),
      channel_(QuotedName(channel)),
      listener_(std::move(listener)),
      event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { Run(); }) {}

PostgresNotifier::~PostgresNotifier() {
  stopping_ = true;
  Ring();
  thread_.join();
  close(event_);
}

void PostgresNotifier::Notify() {
  if (!pending_.exchange(true)) Ring();
}

void PostgresNotifier::Ring() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(event_, &one, sizeof(one));
}

void PostgresNotifier::Run() {
  absl::Duration pause = kFirstPause;
  while (!stopping_) {
    if (const Handle handle = Listen(); handle != nullptr) {
      pause = kFirstPause;
      listener_();  // for what was lost while nobody listened
      listening_ = true;
      Serve(*handle);
      listening_ = false;
    }
    const absl::Time until = absl::Now() + pause;
    pause = std::min(pause * 2, kLongestPause);
    while (!stopping_ && absl::Now() < until) Wait(nullptr, until - absl::Now());
  }
}

// Null when there is no connection.
PostgresNotifier::Handle PostgresNotifier::Listen() const {
  // Settings in the connection string override these.
  const char* keywords[] = {"connect_timeout",  "keepalives_idle", "tcp_user_timeout",
                            "application_name", "dbname",          nullptr};
  const char* values[] = {"5", "30", "15000", "veche notifier", connection_.c_str(), nullptr};
  Handle handle(PQconnectdbParams(keywords, values, 1));
  if (handle == nullptr || PQstatus(handle.get()) != CONNECTION_OK) return nullptr;
  PQsetNoticeProcessor(
      handle.get(), [](void*, const char*) {}, nullptr);
  // A notification is not durable: its commit, which others wait for, need not wait for the disk.
  if (!Execute(*handle, "SET synchronous_commit = off") ||
      !Execute(*handle, absl::StrCat("LISTEN ", channel_))) {
    return nullptr;
  }
  return handle;
}

void PostgresNotifier::Serve(pg_conn& handle) {
  absl::Time next_send = absl::InfinitePast();
  absl::Time used = absl::Now();
  while (!stopping_) {
    const absl::Time now = absl::Now();
    if (pending_ && now >= next_send) {
      pending_ = false;
      if (!Send(handle)) {
        pending_ = true;  // for the next connection
        return;
      }
      next_send = now + kGather;
      used = now;
    } else if (now - used >= kIdle) {
      if (!Execute(handle, "SELECT 1")) return;
      used = now;
    }
    if (!Receive(handle)) return;
    Wait(&handle, pending_ ? next_send - absl::Now() : kIdle);
  }
}

// Not PQexec, which would wait for a frozen server for ever, and the destructor with it.
bool PostgresNotifier::Execute(pg_conn& handle, const std::string& statement) const {
  if (PQsendQuery(&handle, statement.c_str()) == 0) return false;
  const absl::Time give_up = absl::Now() + kPatience;
  while (PQisBusy(&handle) != 0) {
    if (stopping_ || absl::Now() > give_up) return false;
    pollfd file = {PQsocket(&handle), POLLIN, 0};
    if (poll(&file, 1, kTick) > 0 && PQconsumeInput(&handle) == 0) return false;
  }
  bool executed = true;
  while (PGresult* result = PQgetResult(&handle)) {
    const ExecStatusType state = PQresultStatus(result);
    executed = executed && (state == PGRES_COMMAND_OK || state == PGRES_TUPLES_OK);
    PQclear(result);
  }
  return executed;
}

bool PostgresNotifier::Send(pg_conn& handle) const {
  return Execute(handle, absl::StrCat("NOTIFY ", channel_));
}

// Calls the listener if another process has notified; false when the connection is lost.
bool PostgresNotifier::Receive(pg_conn& handle) const {
  if (PQconsumeInput(&handle) == 0) return false;
  bool heard = false;
  while (PGnotify* notification = PQnotifies(&handle)) {
    heard = heard || notification->be_pid != PQbackendPID(&handle);
    PQfreemem(notification);
  }
  if (heard) listener_();
  return PQstatus(&handle) == CONNECTION_OK;
}

void PostgresNotifier::Wait(pg_conn* handle, absl::Duration longest) const {
  pollfd files[2] = {{event_, POLLIN, 0}, {handle == nullptr ? -1 : PQsocket(handle), POLLIN, 0}};
  const int64_t milliseconds =
      absl::ToInt64Milliseconds(absl::Ceil(longest, absl::Milliseconds(1)));
  poll(files, 2, static_cast<int>(std::max<int64_t>(milliseconds, 0)));
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(event_, &count, sizeof(count));
}

}  // namespace veche::sql

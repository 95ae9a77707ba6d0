#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/sql/notifier.h"

struct pg_conn;

namespace veche::sql {

// Notifier by LISTEN and NOTIFY, with a thread and a connection of its own. The connection must not
// go through a pooler that gives it to others between transactions.
//
// NOTIFY stands in a transaction of its own, not in the one that changed something: PostgreSQL
// commits the transactions of a cluster that notify one after another. Six writers that append
// events reach 27,000 a second here, with NOTIFY in each transaction 15,000, and others hear of a
// commit after 0.1 ms, after 4 ms at most.
class PostgresNotifier final : public Notifier {
 public:
  // `connection` is a libpq connection string; processes hear each other that have the same
  // database and `channel`. `listener` runs on the notifier's thread for each notification of
  // another process, and whenever notifications may have been lost; it must return quickly.
  PostgresNotifier(std::string connection, absl::string_view channel,
                   std::function<void()> listener);
  ~PostgresNotifier() override;

  void Notify() override;
  bool listening() const override { return listening_.load(std::memory_order_relaxed); }

 private:
  struct Close {
    void operator()(pg_conn* handle) const;
  };
  using Handle = std::unique_ptr<pg_conn, Close>;

  void Run();
  Handle Listen() const;
  // Serves `handle` until it is lost or the notifier ends.
  void Serve(pg_conn& handle);
  // Runs a statement; false when it fails, the server does not answer, or the notifier ends.
  bool Execute(pg_conn& handle, const std::string& statement) const;
  bool Send(pg_conn& handle) const;
  bool Receive(pg_conn& handle) const;
  // Waits until Notify or the destructor was called, `handle` (may be null) has input, or `longest`
  // is over.
  void Wait(pg_conn* handle, absl::Duration longest) const;
  void Ring() const;

  const std::string connection_;
  const std::string channel_;  // quoted
  const std::function<void()> listener_;
  const int event_;  // eventfd: written by Ring, read by Wait
  std::atomic<bool> pending_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> listening_ = false;
  std::thread thread_;
};

}  // namespace veche::sql

#include "common/redis/client.h"

#include <openssl/evp.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/redis/address.h"
#include "common/redis/connection.h"

namespace veche::redis {
namespace {

namespace asio = boost::asio;

constexpr size_t kMostWaiting = 4096;  // commands
constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(5);
// A connection that lasted for as long was a good one: the next pause is short again.
constexpr auto kSteady = std::chrono::seconds(10);

struct Metrics {
  explicit Metrics(prometheus::Registry& registry)
      : connections(prometheus::BuildGauge()
                        .Name("veche_redis_connections")
                        .Help("Connections to Redis that are ready")
                        .Register(registry)
                        .Add({})),
        commands(prometheus::BuildCounter()
                     .Name("veche_redis_commands_total")
                     .Help("Commands for Redis, by how they ended")
                     .Register(registry)),
        ok(commands.Add({{"result", "ok"}})),
        error(commands.Add({{"result", "error"}})),
        late(commands.Add({{"result", "late"}})),
        unavailable(commands.Add({{"result", "unavailable"}})) {}

  void Count(const absl::Status& status) {
    if (status.ok()) return ok.Increment();
    if (absl::IsDeadlineExceeded(status)) return late.Increment();
    absl::IsUnavailable(status) ? unavailable.Increment() : error.Increment();
  }

  prometheus::Gauge& connections;
  prometheus::Family<prometheus::Counter>& commands;
  prometheus::Counter& ok;
  prometheus::Counter& error;
  prometheus::Counter& late;
  prometheus::Counter& unavailable;
};

class PooledClient final : public Client {
 public:
  PooledClient(Options options, observe::Telemetry telemetry)
      : options_(std::move(options)),
        telemetry_(std::move(telemetry)),
        metrics_(*telemetry_.metrics) {
    for (int i = 0; i < options_.connections; ++i) slots_.push_back(std::make_unique<Slot>(io_));
    asio::post(io_, [this] {
      for (const auto& slot : slots_) Open(*slot);
    });
    thread_ = std::thread([this] { io_.run(); });
  }
  ~PooledClient() override { Stop(); }

  void Stop() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { End(); });
    thread_.join();
  }

  void Command(std::vector<std::string> arguments, Callback done) override {
    absl::Status refused;
    bool first = false;
    {
      absl::MutexLock lock(&mutex_);
      if (!away_.ok()) {
        refused = away_;
      } else if (queue_.size() >= kMostWaiting) {
        refused = absl::UnavailableError("too many commands wait for Redis");
      } else {
        first = queue_.empty();
        queue_.push_back({std::move(arguments), Deadline(), std::move(done)});
      }
    }
    if (!refused.ok()) {
      metrics_.Count(refused);
      return done(refused);
    }
    // One wake-up carries all commands that come until it runs.
    if (first) asio::post(io_, [this] { SendQueue(); });
  }

  void After(absl::Duration pause, std::function<void()> run) override {
    asio::post(io_, [this, pause, run = std::move(run)] {
      if (ending_) return run();
      auto timer = std::make_shared<asio::steady_timer>(io_, absl::ToChronoNanoseconds(pause));
      timers_.insert(timer);
      timer->async_wait([this, timer, run](const boost::system::error_code&) {
        timers_.erase(timer);
        run();
      });
    });
  }

 private:
  struct Queued {
    std::vector<std::string> arguments;
    SteadyTime deadline;
    Callback done;
  };
  // A place for one connection after the other.
  struct Slot {
    explicit Slot(asio::io_context& io) : timer(io) {}
    std::shared_ptr<Connection> connection;
    asio::steady_timer timer;
    absl::Duration pause = kFirstPause;
    SteadyTime ready_since;
  };

  SteadyTime Deadline() const {
    return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.timeout);
  }

  void Open(Slot& slot) {
    slot.connection = std::make_shared<Connection>(
        io_, options_, [this, &slot](const absl::Status& status) { OnChange(slot, status); });
    slot.connection->Open();
  }

  void OnChange(Slot& slot, const absl::Status& status) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (status.ok()) {
      slot.ready_since = now;
    } else {
      const bool steady = slot.ready_since != SteadyTime() && now - slot.ready_since > kSteady;
      slot.pause = steady ? kFirstPause : std::min(2 * slot.pause, kLongestPause);
      slot.ready_since = SteadyTime();
      OpenLater(slot);
    }
    const auto ready = absl::c_count_if(slots_, [](const auto& one) { return IsReady(*one); });
    metrics_.connections.Set(static_cast<double>(ready));
    SetAway(ready > 0 ? absl::OkStatus()
                      : absl::UnavailableError(absl::StrCat("Redis is away: ", status.message())));
  }

  void OpenLater(Slot& slot) {
    if (ending_) return;
    slot.timer.expires_after(absl::ToChronoNanoseconds(slot.pause));
    slot.timer.async_wait([this, &slot](const boost::system::error_code& error) {
      if (!error && !ending_) Open(slot);
    });
  }

  // Logs when Redis comes and when it goes.
  void SetAway(const absl::Status& away) {
    bool changed;
    {
      absl::MutexLock lock(&mutex_);
      changed = away_.ok() != away.ok() || !known_;
      away_ = away;
      known_ = true;
    }
    if (!changed || ending_) return;
    if (away.ok()) {
      telemetry_.logger->Info("redis answers", {{"address", options_.address}});
    } else {
      telemetry_.logger->Warning("redis is away",
                                 {{"address", options_.address}, {"error", away.message()}});
    }
  }

  static bool IsReady(const Slot& slot) { return slot.connection && slot.connection->ready(); }

  Connection* Next() {
    for (size_t i = 0; i < slots_.size(); ++i) {
      const Slot& slot = *slots_[next_++ % slots_.size()];
      if (IsReady(slot) && slot.connection->waiting() < kMostWaiting) return slot.connection.get();
    }
    return nullptr;
  }

  void SendQueue() {
    std::vector<Queued> queue;
    {
      absl::MutexLock lock(&mutex_);
      queue.swap(queue_);
    }
    for (Queued& one : queue) {
      Callback done = [this, done = std::move(one.done)](const absl::StatusOr<Reply>& reply) {
        metrics_.Count(reply.status());
        done(reply);
      };
      if (Connection* connection = Next()) {
        connection->Send(one.arguments, one.deadline, std::move(done));
      } else {
        done(absl::UnavailableError("Redis is away or answers too slowly"));
      }
    }
    for (const auto& slot : slots_) {
      if (IsReady(*slot)) slot->connection->Flush();
    }
  }

  void End() {
    const absl::Status ended = absl::UnavailableError("the client ends");
    ending_ = true;
    SetAway(ended);
    for (const auto& slot : slots_) {
      slot->timer.cancel();
      if (slot->connection) slot->connection->Close(ended);
    }
    SendQueue();  // without a ready connection: answers all
    for (const auto& timer : timers_) timer->cancel();
    work_.reset();
  }

  const Options options_;
  const observe::Telemetry telemetry_;
  Metrics metrics_;
  absl::Mutex mutex_;
  absl::Status away_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("not connected to Redis yet");
  bool known_ ABSL_GUARDED_BY(mutex_) = false;  // whether Redis was there or away once
  std::vector<Queued> queue_ ABSL_GUARDED_BY(mutex_);

  // Of the thread.
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  std::vector<std::unique_ptr<Slot>> slots_;
  absl::flat_hash_set<std::shared_ptr<asio::steady_timer>> timers_;
  size_t next_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

std::vector<std::string> EvalCommand(const char* name, const std::string& script,
                                     const std::vector<std::string>& keys,
                                     const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {name, script, absl::StrCat(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

Script::Script(std::string source) : source_(std::move(source)) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(source_.data(), source_.size(), digest, &size, EVP_sha1(), nullptr);
  sha1_ = absl::BytesToHexString({reinterpret_cast<const char*>(digest), size});
}

absl::Status CheckAddress(absl::string_view address) { return Address::Parse(address).status(); }

absl::StatusOr<std::unique_ptr<Client>> Client::Start(Options options,
                                                      observe::Telemetry telemetry) {
  RETURN_IF_ERROR(CheckAddress(options.address));
  return std::make_unique<PooledClient>(std::move(options), std::move(telemetry));
}

void Client::Eval(const Script& script, const std::vector<std::string>& keys,
                  const std::vector<std::string>& arguments, Callback done) {
  Command(
      EvalCommand("EVALSHA", script.sha1(), keys, arguments),
      [this, &script, keys, arguments, done = std::move(done)](const absl::StatusOr<Reply>& reply) {
        const bool unknown = absl::StartsWith(reply.status().message(), "NOSCRIPT");
        if (!unknown) return done(reply);
        Command(EvalCommand("EVAL", script.source(), keys, arguments), done);
      });
}

}  // namespace veche::redis

#include "common/rpc/measured_database.h"

#include <prometheus/histogram.h>

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/observe/metrics.h"

namespace veche::rpc {
namespace {

class MeasuredDatabase final : public sql::Database {
 public:
  MeasuredDatabase(std::unique_ptr<sql::Database> database, absl::string_view service,
                   prometheus::Family<prometheus::Histogram>& seconds)
      : database_(std::move(database)),
        reads_(Child(seconds, service, "read")),
        writes_(Child(seconds, service, "write")) {}

  absl::Status Read(sql::TransactionBody body) override {
    const Timer timer(reads_);
    return database_->Read(body);
  }
  absl::Status Write(sql::TransactionBody body) override {
    const Timer timer(writes_);
    return database_->Write(body);
  }
  absl::Status WriteInBackground(sql::TransactionBody body) override {
    const Timer timer(writes_);
    return database_->WriteInBackground(body);
  }
  std::unique_ptr<sql::Notifier> OpenNotifier(absl::string_view channel,
                                              const std::function<void()>& listener) override {
    return database_->OpenNotifier(channel, listener);
  }
  sql::Engine engine() const override { return database_->engine(); }

 private:
  // A destructor, so that a transaction that throws is counted too.
  class Timer {
   public:
    explicit Timer(prometheus::Histogram& seconds) : seconds_(seconds), begin_(absl::Now()) {}
    ~Timer() { seconds_.Observe(absl::ToDoubleSeconds(absl::Now() - begin_)); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

   private:
    prometheus::Histogram& seconds_;
    const absl::Time begin_;
  };

  static prometheus::Histogram& Child(prometheus::Family<prometheus::Histogram>& seconds,
                                      absl::string_view service, const char* kind) {
    return seconds.Add({{"service", std::string(service)}, {"kind", kind}},
                       observe::LatencyBuckets());
  }

  const std::unique_ptr<sql::Database> database_;
  prometheus::Histogram& reads_;
  prometheus::Histogram& writes_;
};

}  // namespace

std::unique_ptr<sql::Database> Measured(std::unique_ptr<sql::Database> database,
                                        absl::string_view service, prometheus::Registry& registry) {
  auto& seconds = prometheus::BuildHistogram()
                      .Name("veche_sql_seconds")
                      .Help("Time of a database transaction, its wait and commit included.")
                      .Register(registry);
  return std::make_unique<MeasuredDatabase>(std::move(database), service, seconds);
}

}  // namespace veche::rpc

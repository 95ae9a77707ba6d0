#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace prometheus {
class Registry;
}

namespace veche::observe {

enum class Level { kDebug, kInfo, kWarning, kError };

using LogFields = std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// Writes JSON lines {"time", "level", "service", "event", …fields} to standard error. Never log
// texts of residents, contacts, tokens or SQL parameters. Thread-safe.
class Logger {
 public:
  virtual ~Logger() = default;
  // `event` is a short constant phrase: "migration applied".
  virtual void Log(Level level, absl::string_view event, LogFields fields = {}) = 0;
  void Info(absl::string_view event, LogFields fields = {}) { Log(Level::kInfo, event, fields); }
  void Warning(absl::string_view event, LogFields fields = {}) {
    Log(Level::kWarning, event, fields);
  }
  void Error(absl::string_view event, LogFields fields = {}) { Log(Level::kError, event, fields); }
};

// The logger and the metrics that every part of a module uses. The process shares one registry; the
// logger adds the module's name. Neither pointer is null.
struct Telemetry {
  std::shared_ptr<Logger> logger;
  std::shared_ptr<prometheus::Registry> metrics;
};

// A logger that writes events of `level` and above as JSON lines to standard error, each with
// `service` as "service".
std::shared_ptr<Logger> MakeJsonLogger(absl::string_view service, Level level);
// One line of that logger, without the line feed; `time` in UTC with microseconds. Bytes that are
// not UTF-8 become U+FFFD.
std::string FormatLogLine(absl::Time time, Level level, absl::string_view service,
                          absl::string_view event, LogFields fields);
// A logger that writes nothing, and a new registry: for tests.
Telemetry NullTelemetry();

}  // namespace veche::observe

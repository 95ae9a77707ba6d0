#include "common/observe/telemetry.h"

#include <prometheus/registry.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace veche::observe {
namespace {

constexpr std::array kLevelNames = {"debug", "info", "warning", "error"};

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
size_t SequenceLength(absl::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead > 0xF4 || length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
  if (lead == 0xED && byte(1) > 0x9F) return 0;  // surrogate
  if (lead == 0xF0 && byte(1) < 0x90) return 0;  // overlong
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;  // beyond U+10FFFF
  return length;
}

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
        absl::StrAppendFormat(&out, "\\u%04x", static_cast<unsigned>(c));
      } else {
        out += c;
      }
  }
}

void AppendJsonString(std::string& out, absl::string_view text) {
  out += '"';
  while (!text.empty()) {
    const size_t length = SequenceLength(text);
    if (length == 0) {
      out += "\\ufffd";
    } else if (length == 1) {
      AppendEscaped(out, text[0]);
    } else {
      absl::StrAppend(&out, text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void AppendField(std::string& out, absl::string_view name, absl::string_view value) {
  out += out.empty() ? '{' : ',';
  AppendJsonString(out, name);
  out += ':';
  AppendJsonString(out, value);
}

class JsonLogger final : public Logger {
 public:
  JsonLogger(absl::string_view service, Level level)
      : service_(service),
        level_(level),
        logger_(service_, std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(spdlog::level::trace);
    logger_.set_pattern("%v");
    logger_.flush_on(spdlog::level::trace);
  }

  void Log(Level level, absl::string_view event, LogFields fields) override {
    if (level < level_) return;
    const std::string line = FormatLogLine(absl::Now(), level, service_, event, fields);
    logger_.log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  const std::string service_;
  const Level level_;
  spdlog::logger logger_;
};

class NullLogger final : public Logger {
 public:
  void Log(Level, absl::string_view, LogFields) override {}
};

}  // namespace

std::string FormatLogLine(absl::Time time, Level level, absl::string_view service,
                          absl::string_view event, LogFields fields) {
  std::string line;
  line.reserve(256);
  AppendField(line, "time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()));
  AppendField(line, "level", kLevelNames[static_cast<size_t>(level)]);
  AppendField(line, "service", service);
  AppendField(line, "event", event);
  for (const auto& [name, value] : fields) AppendField(line, name, value);
  line += '}';
  return line;
}

std::shared_ptr<Logger> MakeJsonLogger(absl::string_view service, Level level) {
  return std::make_shared<JsonLogger>(service, level);
}

Telemetry NullTelemetry() {
  return {std::make_shared<NullLogger>(), std::make_shared<prometheus::Registry>()};
}

}  // namespace veche::observe

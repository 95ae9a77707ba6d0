#include "common/rpc/module.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/read_file.h"
#include "common/base/status_macros.h"
#include "common/rpc/measured_database.h"
#include "common/sql/durability.h"

namespace veche::rpc {
namespace {

constexpr int kDefaultPostgresConnections = 8;

// Creates the file before SQLite does, so that only the owner of the process may read the file.
// SQLite gives its side files the same mode.
absl::Status CreatePrivate(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open ", path.string(), ": ", std::strerror(errno)));
  }
  ::close(file);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<sql::Database>> OpenFile(const std::filesystem::path& folder,
                                                        absl::string_view service) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path path = folder / absl::StrCat(service, ".db");
  RETURN_IF_ERROR(CreatePrivate(path));
  return sql::OpenSqlite({.path = path.string()});
}

absl::StatusOr<std::unique_ptr<sql::Database>> OpenSchema(
    const config::v1::ServiceStorage& settings, absl::string_view service) {
  ASSIGN_OR_RETURN(std::string connection, ReadFile(settings.postgres_file()));
  return sql::OpenPostgres({.connection = std::string(absl::StripAsciiWhitespace(connection)),
                            .schema = std::string(service),
                            .connections = settings.postgres_connections()});
}

}  // namespace

config::v1::ServiceStorage StorageOf(const config::v1::Storage& storage,
                                     absl::string_view service) {
  config::v1::ServiceStorage settings;
  settings.set_postgres_file(storage.postgres_file());
  settings.set_postgres_connections(storage.postgres_connections());
  if (auto own = storage.services().find(std::string(service)); own != storage.services().end()) {
    settings.MergeFrom(own->second);
  }
  if (settings.postgres_connections() == 0) {
    settings.set_postgres_connections(kDefaultPostgresConnections);
  }
  return settings;
}

absl::StatusOr<std::unique_ptr<sql::Database>> OpenMigrated(
    const config::v1::Config& config, const std::filesystem::path& data_dir,
    absl::string_view service, absl::Span<const absl::Span<const EmbeddedFile>> migrations) {
  const config::v1::ServiceStorage settings = StorageOf(config.storage(), service);
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database, settings.postgres_file().empty()
                                                                ? OpenFile(data_dir, service)
                                                                : OpenSchema(settings, service));
  const auto& risks = config.storage().accepted_risks();
  RETURN_IF_ERROR(sql::CheckDurability(*database, {risks.begin(), risks.end()}));
  RETURN_IF_ERROR(sql::Migrate(*database, migrations));
  return database;
}

absl::StatusOr<std::unique_ptr<sql::Database>> Environment::OpenDatabase(
    absl::string_view service,
    const std::vector<absl::Span<const EmbeddedFile>>& migrations) const {
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   OpenMigrated(config, data_dir, service, migrations));
  return Measured(std::move(database), service, *telemetry.metrics);
}

std::filesystem::path Environment::KeyFile(absl::string_view name) const {
  const std::filesystem::path folder =
      config.keys_dir().empty() ? data_dir : std::filesystem::path(config.keys_dir());
  return folder / std::string(name);
}

absl::Duration PatienceOf(const config::v1::Config& config) {
  const int seconds = config.drain().patience_seconds();
  return absl::Seconds(seconds == 0 ? 5 : seconds);
}

}  // namespace veche::rpc

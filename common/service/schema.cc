#include "common/service/schema.h"

#include "common/events/event_log.h"
#include "common/rpc/idempotency.h"

namespace veche::service {

std::vector<absl::Span<const EmbeddedFile>> MigrationsOf(const Schema& schema) {
  std::vector<absl::Span<const EmbeddedFile>> migrations = {rpc::IdempotencyMigrations()};
  if (schema.events) migrations.push_back(events::Migrations());
  migrations.push_back(schema.migrations);
  return migrations;
}

}  // namespace veche::service

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/texts.h"
#include "common/sql/database.h"
#include "services/notifications/domain/message.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/store.h"

namespace veche::notifications {

// Makes messages of posts and notices, in the language of each subscriber. Thread-safe; may block
// on the database.
class MessageWriter final : public MessageSource {
 public:
  struct Parts {
    sql::Database& database;
    Store& notices;
    const Texts& texts;
    std::string public_url;  // where the city's pages are, without a slash at the end
    std::string language;    // of readers that `readers` does not know
    // The posts with these numbers; unknown ones are left out. Null: there are none.
    std::function<absl::StatusOr<std::vector<PublishedAlert>>(sql::Transaction&,
                                                              absl::Span<const int64_t>)>
        posts;
    // For whom each job is, and why; one for each job. `posts` has the posts of the jobs by number.
    // Null: readers of the city's language.
    std::function<absl::StatusOr<std::vector<Reader>>(
        sql::Transaction&, absl::Span<const Job>, const std::map<int64_t, PublishedAlert>& posts)>
        readers;
  };
  // All of `parts` must outlive the object.
  explicit MessageWriter(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<std::vector<bool>> Write(absl::Span<Job> jobs) override;

 private:
  struct Material {
    std::map<int64_t, PublishedAlert> posts;  // by number
    std::map<int64_t, Notice> notices;        // by number
    std::vector<Reader> readers;              // of each job
  };
  absl::Status Gather(absl::Span<const Job> jobs, Material& material);
  bool WriteOne(Job& job, const Reader& reader, const Material& material) const;
  Message OfNotice(const Notice& notice, const Reader& reader) const;

  const Parts parts_;
};

}  // namespace veche::notifications

#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace veche::appeals {

// `veche import appeals --file F.tsv [--source NAME]`: loads another system's appeals. Columns are
// found by their names in the header line: text (needed), id, source, created, latitude,
// longitude, address, u_topic or category or topic (an id or a title of a category), department,
// state, kind, answer; others are left alone. Repeating it after a break goes on where it stopped,
// since what is there already is not taken twice. `args` begins with "appeals". Rows that were not
// taken are named on `err` with their lines. Returns the exit code: 0, 1 when rows or the whole
// file were not taken, 2 for wrong arguments.
int RunAppealsImport(const std::vector<std::string>& args, std::shared_ptr<grpc::Channel> appeals,
                     std::ostream& out, std::ostream& err);

}  // namespace veche::appeals

#pragma once

namespace veche::sql {

// Tells the other processes on a database that something has changed, so that they need not poll
// often. Best effort: a notification may be lost, so a listener also polls, rarely. Thread-safe.
class Notifier {
 public:
  virtual ~Notifier() = default;
  // Calls the listeners of all other processes soon. Never blocks; many calls within a few
  // milliseconds make one notification. Call it after the commit of the change.
  virtual void Notify() = 0;
  // Whether notifications of other processes arrive at present.
  virtual bool listening() const = 0;
};

}  // namespace veche::sql

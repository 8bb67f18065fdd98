// A page that shows responses or a deal says when something new has come; nothing moves before it is asked for.
import { onEach } from "./lib/dom";
import { follow } from "./lib/live";

onEach("[data-follow]", (news) => {
  const reveal = () => {
    news.hidden = false;
  };
  follow(news.dataset.follow ?? "", Number(news.dataset.sequence), reveal, reveal);
});

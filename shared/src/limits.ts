// oxlint-disable max-lines -- all limits in one list is what the rule asks for
/** Every limit of the system, with its unit in the name and its reason beside it (SYN10). */
export const LIMITS = {
  /** Ids appear in every key and row; a terminal is named in far fewer. */
  sourceIdChars: 64,
  storeIdChars: 64,
  /** A wholesale invoice of 1,114 lines takes 130 kB; a Durable Object row may hold 2 MB. */
  eventBytes: 512 * 1024,
  saleLines: 5_000,
  tenders: 50,
  /** A drawer at a border holds two currencies, at an airport a few more; each may be counted tender by tender. */
  shiftCurrencies: 8,
  shiftCounts: 48,
  /** Currencies of a Z report, some 300 bytes each: no till takes receipts in more. */
  figuresCurrencies: 64,
  /** 2⁵⁰: a few sums of such sums are still exact, and no drawer holds ten trillion. */
  countableMinor: 2 ** 50,
  /** Amendments of a day that a Z report lists: more of them are a till that captures for the wrong day. */
  shownAmendments: 1_000,
  /** Tills of the largest stores, and those that stood there before. */
  storeTerminals: 400,
  /** One customer seldom has more ways to be known; more on one capture is a shared device or an attack. */
  subjectKeys: 8,
  /** Browsers and installations of one capture: with a key of each other kind, as many as it may have keys. */
  anonymousIds: 4,
  /** Apart by no more than this, the moment of a consent and its stamp are one: a till's clock and its pushes differ that much. */
  consentSameMs: 60_000,
  /** Keys seen together with a fragment's own: a card that met more people is a shared one, and proves nothing. */
  fragmentKeys: 64,
  /**
   * Of these at most so many of browsers, installations and carts. A regular of the web shop has a new one each week where
   * browsers forget theirs, and must not run out of room for what tells people apart: cards, accounts, e-mails, phones.
   */
  fragmentDeviceKeys: 32,
  /** What fits a form; longer text is a document, and belongs elsewhere. */
  noteChars: 2_000,
  fieldChars: 512,
  /** Sales that a fragment and a profile remember in full; totals cover all of them. */
  recentSales: 10,
  recentNotes: 20,
  /** What somebody did lately: a visit or two; the journal at the centre has all of it. */
  recentBehaviours: 20,
  recentOrders: 10,
  recentCarts: 3,
  /** Products of one page, and what fits a cart that somebody fills by hand. */
  behaviourItems: 20,
  behaviourProperties: 50,
  cartItems: 100,
  /** Of a cart, in fragments and profiles: who looks at it wants to know what it is about, and the newest come last. */
  recentCartItems: 20,
  /** A retailer runs one program, or one for each of its brands. */
  loyaltyPrograms: 10,
  programChars: 64,
  /** Named values beside the fields of a profile, of the retailer's own making. */
  traits: 100,
  traitNameChars: 100,
  /** Names and values of all traits of a fragment or profile together: every profile goes to every till that knows it. */
  traitsChars: 8 * 1024,
  orderIdChars: 128,
  /** Of an account or a browser: the longest that identity providers give out (a `sub` has at most 255). */
  accountIdChars: 256,
  /** A busy supermarket's day is about ten megabytes; parsed it takes a dozen times as much of memory. */
  poslogBytes: 24 * 1024 * 1024,
  /** The deepest part of a POSLog that is read is nine elements down; whoever goes much further wants to do harm. */
  xmlNestedFields: 40,
  /** Rows that a preview looks at: enough to see days above twelve, few enough to be there at once. */
  previewRows: 5_000,
  previewExampleValues: 3,
  /** Columns of one file; a spreadsheet's own limit is 16,384, but nobody maps so many by hand. */
  csvFields: 500,
  /** Names by which other channels know the same order: id, number, token, checkout. */
  orderIds: 8,
  /**
   * Segment's own limits are 500 kB a batch, 32 kB an event, 2,500 events. Its clients throw away what is answered 4xx, so a
   * batch may be eight times as large, for clients that are set up for less strict receivers; an event may not.
   */
  segmentBatchBytes: 4 * 1024 * 1024,
  segmentEventBytes: 32 * 1024,
  segmentBatchEvents: 2_500,
  /** What one message of other platforms, or one line of a file, may have: an order of 5,000 lines takes about 1 MB. */
  messageBytes: 1024 * 1024,
  /** A body of many messages; the same as a push, for the same reasons. */
  messagesBytes: 4 * 1024 * 1024,
  messagesItems: 2_500,
  /** Values beside the winner: enough to see why it won. */
  losersPerField: 5,
  /** Decisions of stewards about one customer: each is made by hand, and travels with every profile of that customer. */
  overridesPerCustomer: 200,
  /** Values of one field that stand side by side: nobody has twenty addresses, and whoever has is an importer. */
  aggregatedValues: 20,
  /** Claims of one value that a profile remembers, where it counts who says it: beyond these nothing is in doubt. */
  sameClaims: 20,
  /** Claims of one field that stewards have set aside: a page shows them all. */
  ignoredClaims: 20,
  /** A policy is read by people, and goes to every till. */
  policyBytes: 32 * 1024,
  rulePrefixes: 50,
  groupFields: 9,
  /** A profile is pushed to every till of every interested store, so it must stay small. */
  profileBytes: 128 * 1024,
  fragmentBytes: 256 * 1024,
  /** A push or pull must fit a slow uplink's patience (2 MB/s: one second) and a Durable Object's memory. */
  pushBytes: 2 * 1024 * 1024,
  pushItems: 500,
  /** Half of it on the way down: tills of a store pull at the same moment, because the same poke woke them. */
  pullBytes: 1024 * 1024,
  pullProfiles: 200,
  /** Items that an inbox hands on per round: a round is short, for what comes next waits for its end. */
  drainItems: 200,
  /** Of these at most so many of one writer, so that a till with a backlog does not starve the others. */
  drainItemsPerWriter: 40,
  /** Instead, where only tills wait that are far behind: of one store, for a fifth of a second on a slow machine. */
  drainBacklogItems: 1_000,
  /**
   * Least time between two rounds of the same kind, for each commit of each hop costs a disk its sync: a few hundred
   * per second is all that a small server's has. Together well under the half second that a merge may take.
   */
  drainGapMs: 20,
  notifyGapMs: 50,
  /**
   * After a backlog's sale the other tills hear of its customer within this time, not at once: a customer has many such
   * sales, each change goes to every till of every store that knows the customer, and all of them are at work just then.
   */
  quietNoticeMs: 60_000,
  deliverGapMs: 100,
  /**
   * After a delivery that has left nothing: what comes one by one shares the next, for a delivery costs the centre as much as the
   * events in it. A golden record is behind by so much, and by nothing where it is quiet.
   */
  deliverDoneGapMs: 400,
  /** Beside so many pushes there is room for rounds: a shop's tills sell, and wait for the news of each other. */
  yieldPushes: 8,
  /** While more of them are under way in its isolate a round waits, but no longer: a merge may take half a second. */
  yieldMs: 400,
  /** As many that begin within this time are a queue as well, and so long after a queue there still is one. */
  yieldCalmMs: 50,
  /** Where none has taken so long, none has waited for the thread. */
  yieldSlowMs: 5,
  /** There one counts once for each so many of its rows, up to so many times: a till that catches up takes the thread for longer. */
  yieldPushRows: 12,
  yieldPushTimes: 4,
  /** Beside fewer a round waits as well, for those that are almost done: what follows from a push takes longer than the push. */
  yieldMomentMs: 20,
  /** A round that waited is not waited for by the next one after so long. */
  yieldTurnMs: 100,
  /** Who waits looks after so long, and then twice as long each time, up to this. */
  yieldLookMs: 3,
  yieldLookMaxMs: 12,
  /** A push that takes longer to come in has a slow line, and leaves the thread free meanwhile. */
  yieldArrivalMs: 100,
  /** A push that takes longer has lost its caller, or its disk. */
  yieldPushMs: 1_000,
  /**
   * The same for a till's calls: what is captured or changed meanwhile shares the next one. With the rounds of the edge between
   * them, another store's till shows within 300 ms what this one has captured.
   */
  pushGapMs: 40,
  pullGapMs: 50,
  /** Identity keys whose customer an inbox keeps in memory: about 150 bytes each. */
  knownHolders: 20_000,
  /** Customers that a profile shard keeps in memory; all shards of a small installation share one isolate. */
  loadedCustomers: 24,
  /** Customers that are made anew by a new policy in one write, and the rest between two: sales go on meanwhile. */
  rebuiltCustomers: 24,
  rebuildGapMs: 50,
  /** Tills hear of a new policy within this time and the next pull; until then they show their own captures by the old. */
  policyAgeMs: 30_000,
  /** Live listeners to one customer: their devices, and the screens of a store; more is a loop somewhere. */
  listenersPerCustomer: 64,
  /** Proxies on the way end a stream that is silent for half a minute or more. */
  liveBeatMs: 25_000,
  liveRetryMs: 3_000,
  /** After this a listener shows its token once more. Who is revoked is asked about before each word, not by this. */
  liveMaxMs: 3_600_000,
  /** Entries of a timeline in one answer: some 300 bytes each, and a screen shows a dozen. */
  timelineRows: 100,
  /** What an app says of a customer at once: a form of a few fields. */
  writeBytes: 16 * 1024,
  /** Origins that may call from a browser: a retailer's web shop and its previews. */
  appOriginsItems: 50,
  /** A redirect that leads further than this is a loop. */
  redirectHops: 16,
  /** Between edge and centre: as much as a push brings, so that neither side builds up. */
  deliverItems: 200,
  /**
   * A busy edge hands a body to the network eight kilobytes per turn of its event loop; a larger one runs into its own
   * time limit, and is sent again from the start.
   */
  deliverBytes: 640 * 1024,
  publishItems: 200,
  /** Between two messages that are not full: most are golden numbers, for which nobody at a till waits, and a merge is a steward's. */
  publishGapMs: 100,
  /** Fragments that the intake of a shop holds open, about 10 kB of heap each. */
  loadedFragments: 500,
  /** Fragments that a till holds open to write in them, as lists of about 10 kB of heap each: its regulars come again. */
  writtenFragments: 2_000,
  /** A till's list is read by somebody with a customer waiting; the search field is one line. */
  lookupResults: 20,
  searchChars: 200,
  /** First wait short enough for a dropped packet, longest so that a store is back within a minute of its network. */
  retryMinMs: 200,
  retryMaxMs: 30_000,
  /** A till asks at least this often, in case a poke was lost. */
  pullEveryMs: 15_000,
  /** A full push at a tenth of the speed that pushBytes assumes. */
  requestTimeoutMs: 20_000,
  /** Without network a till tries again at least this often, so that it is back soon after its network is. */
  probeMaxMs: 5_000,
  /** Whole fragments in one push: as many of the largest size as a push may have bytes. */
  neededFragments: 8,
  /** Clocks of shops are off by seconds; more than a minute is a setting, and is neither believed nor adopted. */
  clockAheadMs: 60_000,
  /** A clock that is further off than a century says nothing, and the difference of two wild numbers is no integer. */
  clockOffsetMaxMs: 100 * 365 * 86_400_000,
  /** An offset that was measured over a slower call is worth less than what it would correct. */
  clockProbeMs: 5_000,
  /**
   * A till that comes back with more than this, older than this, begins a new epoch: sales of now overtake the backlog.
   * Less is sent within a second or two anyway.
   */
  backlogRows: 500,
  backlogAgeMs: 15 * 60_000,
  /** Rows that are sealed anew in one write: each may open a fragment, and captures wait meanwhile. */
  resealRows: 64,
  /** A closed epoch is asked after this often until all of it is golden. */
  closedEveryMs: 5_000,
  /**
   * While a till that came home is sending, a round of its rows rests so many times its length, but no longer than this, and no
   * longer than anything is pushed, or until another till of the store sells something.
   */
  streamRestRounds: 16,
  streamRestMs: 1_000,
  /** Items of closed epochs in a round of their own: all stores may share one thread, and a sale of now as well. */
  backlogItems: 40,
  backlogDrainGapMs: 40,
  /** Twenty tills may come home at the same moment, and a sale of now stands behind all that is being read. */
  backlogBytes: 128 * 1024,
  /**
   * Items that wait for their merge. Two rounds' worth keeps the rounds full; more of a backlog would only make its
   * inbox busy with taking it in, so it is refused for a while, and so is everything when far too much waits (EDG5).
   */
  waitingItems: 400,
  overloadItems: 40_000,
  overloadRetryMs: 1_000,
  /**
   * Between two pushes of a backlog, so that twenty tills take turns; longer where a round of it takes more than a tenth
   * of that, for then somebody else is waiting.
   */
  backlogGapMs: 1_500,
  backlogRestRounds: 10,
  /** A backlog yields to a sale until it is merged, but no longer: whatever holds that one up is not the backlog. */
  backlogYieldMs: 5_000,
  /** Captures that share one commit; each may open one fragment, and all must stay loaded until the commit. */
  captureGroupItems: 64,
  /** Rows in quarantine that one call reads anew: each may bring half a megabyte and open a fragment. */
  replayRows: 50,
  /** Rows set aside that a till is told of; who has more of them has one reason for all. */
  asideRows: 100,
  /** Rows of a till's journal in one answer: no bodies, about 300 bytes each. */
  journalRows: 1_000,
  /**
   * Golden rows that stay in the till's database: the sales of a busy day, which are asked for again most often. What is
   * older moves to archive files of 8,192 rows: about a megabyte each, so that a till of ten years has a thousand.
   */
  archiveKeptRows: 2_048,
  archiveSegmentRows: 8_192,
  /** Compressed together: captures wait for two milliseconds at most, and one row costs one read and one more. */
  archiveBlockRows: 128,
  /** Blocks kept in memory, some two hundred kilobytes each: whoever asks for a row asks for the next one. */
  archiveLoadedBlocks: 8,
  /** Rows that leave the database in one write, and pages that it gives back: captures wait meanwhile. */
  archiveLetGoRows: 32,
  archiveFreedPages: 32,
  /** Customers whose golden records are recomputed in one write: deliveries of the edge wait meanwhile. */
  recomputeCustomers: 50,
  /** Source records that are resolved anew in one write, and carried over from an older build: deliveries wait meanwhile. */
  anewRecords: 50,
  carriedRecords: 500,
  /**
   * A key that more different units than this name proves nothing: nobody is known in two hundred ways, but a shop's own phone
   * is, and must not tie half a town together.
   */
  keyUnits: 200,
  /** A browser is known to a few sources, with and without a name; named by more it is a kiosk, and proves nothing. */
  deviceUnits: 20,
  /** Units made ready to be compared: about 1.5 kB each, and the centre's heap is 192 MB. */
  preparedUnits: 20_000,
  /** Potential matches on one page, and source records that one decision of a steward may name on a side. */
  potentialMatchRows: 200,
  stewardRecords: 500,
  /** Rows of the file of customers, of the queue or of decisions: a sheet that somebody still reads, made in a second. */
  stewardFileRows: 10_000,
  /** Customers that a search lists, and records that it looks at for them: a shop's own phone is in every other record. */
  foundCustomers: 20,
  foundRecords: 2_000,
  /** Nobody looks at one pair for longer without deciding, or leaving: then it is offered to others again. */
  matchLookMs: 120_000,
  /** Pairs that are looked at by somebody at the same time. */
  matchLooks: 1_000,
  /** Examples of what a policy would change: enough to see what it does, few enough to be read. */
  dryRunSamples: 100,
  /** A replay waits so long for an edge that cannot be reached. */
  deskRetryMs: 15_000,
  /** Items of one cause, and replays, on one page. */
  deskRows: 50,
  deskFileRows: 10_000,
  deskJobs: 10,
  /** Policies that were tried, in the list of one kind. */
  policyTries: 10,
  /** Journals, and rows of them all, that are counted for data quality in one write: some 20 ms of this thread. */
  qualityWriters: 50,
  qualityRows: 500,
  /** Between two looks at what is new to count, and at what is taken of a whole: hours and days are what is compared. */
  qualityCountMs: 30_000,
  qualitySnapshotMs: 3_600_000,
  /** Pairs that one page of the snapshot looks at. */
  qualityPairs: 1_000,
  /** Failed items that the edge is asked for: a hundred in a page; who has more has one reason for all. */
  qualityEdgePages: 50,
  /** Problems that a verification lists: whoever has more has one that is larger. */
  verifyItems: 1_000,
  /** The till's log is taken over into its database at the latest when it has come to this: whoever is at the till then waits for it. */
  databaseLogBytes: 16 * 1024 * 1024,
  /** The centre's: what arrives changes pages all over its database, and many of them again before so much was written. */
  centreLogBytes: 32 * 1024 * 1024,
  /** Of the centre's database, at hand: as many pages as a delivery changes, and the upper ones of every index. */
  centreCacheBytes: 32 * 1024 * 1024,
  /** A database from before it could shrink is rebuilt when so much of it is free: less is not worth the start. */
  databaseFreeBytes: 16 * 1024 * 1024,
  // Exceptions and settlement:
  /** On a page of the list; as a file, and with its life: more than a person works through. */
  exceptionPageRows: 50,
  exceptionFileRows: 20_000,
  exceptionEntryRows: 200,
  /** What a till can note of a card payment: a longer reference finds none. */
  settlementReferenceChars: 64,
  /** Days between a payment and its line in a settlement file: processors close their day in another zone, or at the weekend not at all. */
  settlementDays: 3,
  /** A month of a large store's card payments, or a day of two hundred stores', with Square's fifty columns. */
  settlementBytes: 64 * 1024 * 1024,
  settlementLines: 200_000,
  /** Rows of a file that are looked at before anything is said of it, and of these the ones that are shown. */
  settlementSampleRows: 1_000,
  settlementShownRows: 8,
  /** What is wrong with a file: after these somebody mends it, and tries again. */
  settlementProblemItems: 20,
  /** Places of one file that stand for stores, each chosen by hand. */
  settlementStoreValues: 50,
  /** Lines of one statement of the write, about a hundred bytes each. */
  settlementChunkRows: 2_000,
  /** Files that wait to be confirmed, on the disk of the centre; after this time they are let go. */
  settlementWaitingFiles: 8,
  settlementWaitingMs: 60 * 60_000,
  /** Of the lists of files, payments and store-days; and the same as a file. */
  settlementPageRows: 50,
  settlementFileRows: 20_000,
  // The intake, where connectors bring what they have:
  /** A webhook of the largest order that a platform sends is some hundred kilobytes; a row holds two megabytes. */
  intakeBodyBytes: 1024 * 1024,
  /** What waits to be read, per shop: some minutes of work. From half of it on, each account has its fair share. */
  intakeWaitingItems: 20_000,
  intakeWaitingBytes: 256 * 1024 * 1024,
  /** Taken in one round, which is one write: what comes next waits for its end. */
  intakeRoundItems: 100,
  intakeRoundBytes: 2 * 1024 * 1024,
  intakeGapMs: 10,
  /** Platforms repeat a delivery for days; a key that came within a month is known, and has no second effect. */
  intakeKeyDays: 30,
  /** What was read stays for as long as somebody may ask what came, then only its key; personal data is not hoarded. */
  intakeBodyDays: 7,
  /** Rows that are let go in one write: what comes in waits meanwhile. */
  intakeSweptRows: 200,
  intakeLetGoMs: 600_000,
  /** Whoever cannot prove where something comes from fills no disk: the newest of an account are kept to be looked at. */
  intakeUnprovenItems: 100,
  unprovenPerSecond: 5,
  intakeUnprovenBytes: 64 * 1024,
  /**
   * Of names that an isolate has not heard of lately, it asks the registry so often: the registry is one, and whoever makes up
   * keys, codes and accounts does not keep it from those who have some.
   */
  strangersAskedPerSecond: 100,
  strangersAskedAtOnceCalls: 500,
  /** Times that were tried, kept with each item: the desk shows them. */
  intakeHistoryItems: 10,
  /** Items that the desk lists on a page, groups that it shows, and items of one call that are read anew. */
  intakePageRows: 100,
  intakeGroupRows: 200,
  intakeReplayItems: 500,
  /** Between two tries of what may go better later; a day has enough of them, and the desk sees it meanwhile. */
  intakeRetryMaxMs: 3_600_000,
  /** What the other side is asked for: one order or customer of it, while others wait. */
  intakeFetchBytes: 768 * 1024,
  /** What all accounts say of one order, in one row of two megabytes. */
  intakeBookChars: 1_500_000,
  intakeFetchMs: 10_000,
  intakeFetchItems: 8,
  /** How often it is asked how far the shop's events have come, while nothing new is sent. */
  intakeMarksMs: 5_000,
  /** How often each account's state is looked at for alerts, and how long its counts are kept. */
  intakeAlertMs: 60_000,
  /** An alert: what waits longer than this, more failed items than a person looks through, a rate of more than a few. */
  intakeLagMs: 60_000,
  intakeFailedItems: 100,
  intakeRatedItems: 10,
  /** After these an alert that nobody takes is let go: the health of the account shows it all the same. */
  noticeAttempts: 12,
  noticeItems: 20,
  intakeTallyHours: 48,
  /**
   * What is golden stays at the edge so long (a weekend and a day): a centre that comes back from a backup of then gets again
   * what it has lost, also of web shops, and of tills that are gone.
   */
  goldenKeptMs: 3 * 86_400_000,
  /** What a shard owes to centre and stores and has only in memory and in one row: a round's worth, which each merge writes anew. */
  owedEntries: 64,
  /**
   * Marks of an inbox are in memory and written so often, and when its alarm comes: a row for all that the sales of then have moved,
   * and after a reset no more is done again than what came within that time.
   */
  marksKeptMs: 5_000,
  /** How often it is looked for what may go by then, of journals in which nothing moves any more. */
  letGoMs: 3_600_000,
  /** How often the centre has the edge look whether it has all that it had; and how soon again while the edge is away. */
  announceMs: 86_400_000,
  /** Once more, when no answer of the process before can be on its way any more. */
  announceAgainMs: 60_000,
  announceRetryMs: 2_000,
  /** Profiles that edge and centre compare by one message: a shard digests them between two sales, in a fifth of a second. */
  compareCustomers: 100,
  /** Ids that the centre looks through for those that a page of the edge should have named: an index walk of milliseconds. */
  compareIds: 20_000,
  /** Customers that are mended by one message, and fragments of each: whole documents travel with it. */
  mendCustomers: 20,
  mendFragments: 64,
  /** All fragments of one such message, before base64: what one delivery takes, too. */
  mendBytes: 640 * 1024,
  /** Between two messages: a million customers are compared within a night, and nobody at a till notices. */
  compareGapMs: 250,
  /** Or as long as so many steps have taken, so that it has a tenth of the time at most. */
  compareRestRounds: 9,
  /** Between two rounds over all customers, or all store-days. */
  compareRestMs: 10 * 60_000,
  /** A difference is seen twice, so far apart, before it is one; and looked at again so long after it was mended. */
  compareConfirmMs: 30_000,
  /** What stays different after it was mended is tried again ever more seldom. */
  compareRetryMaxMs: 6 * 3_600_000,
  /** Customers in question that are remembered; others are found again by the next round. */
  compareSuspects: 5_000,
  /** Store-days back that journals are compared for: rows of them may still be wanted, and tills still have them. */
  compareDays: 35,
  /** How often it is looked whether somebody has to be told of something, and how often messages are sent. */
  alertLookMs: 60_000,
  alertSendMs: 5_000,
  /** An outage comes in many alerts within seconds: one message waits so long for the others. */
  alertGatherMs: 30_000,
  /** Of one message: more lines than anybody reads; the rest is in the next one. */
  alertsPerMessage: 500,
  /** A mail server or webhook that does not answer by then is tried again later. */
  alertTimeoutMs: 15_000,
  alertRetryMinMs: 5_000,
  alertRetryMaxMs: 30 * 60_000,
  /** With these and full jitter that is a weekend; after it the page of alerts says that a message was given up. */
  alertAttempts: 150,
  alertRecipients: 20,
  /** Weeks that a store's trading hours are learned from: enough to tell a Sunday, few enough to follow new hours. */
  alertLearnDays: 56,
  /** Alerts that are told on one page, and rows of a file. */
  alertFileRows: 20_000,
  /** Stretches of one store-day's journals: a few per terminal, more only where rows were posted late. */
  compareRanges: 200,
  /** Rows that are listed one by one, where a stretch differs. */
  compareRows: 200,
  /** Bodies of such a list: a message of a delivery's size. */
  compareRowsBytes: 640 * 1024,
  /** Somebody who exercises a right is answered within a month (GDPR, article 12). */
  privacyDays: 30,
  /** What a Worker has been told about a caller counts so long: whoever is revoked is refused within a second. */
  registryAgeMs: 500,
  /** Callers that an isolate remembers, and whose calls it counts: some hundred bytes each. */
  knownCallers: 10_000,
  /** From the office to the till by telephone or message. */
  enrolmentCodeMs: 15 * 60_000,
  /** A till asks for another token well before; a stolen one is soon worthless. */
  tillTokenMs: 10 * 60_000,
  /** From the edge's question to the till's signed answer. */
  challengeMs: 60_000,
  /** Of an identity provider: its clock against ours, and how often its keys are fetched for a key that is not among them. */
  jwtToleranceSeconds: 30,
  jwksCooldownMs: 30_000,
  jwksAgeMs: 10 * 60_000,
  /** Somebody waits at the door meanwhile. */
  jwksTimeoutMs: 5_000,
  /** A token of a person carries a few claims; 8 kB is what servers take as headers. */
  bearerChars: 8_192,
  // Reconciliation:
  /** A store-day with new rows is checked so long after the first of them: a check reads the whole day. */
  checkGapMs: 15_000,
  /** A Z or a number that is due is waited for so long after the day, or its seal, is here; a till that comes back sends its old epochs within hours. */
  zWaitMs: 7 * 86_400_000,
  /** Rows of a store-day that are read at once: a third of a second's work at most, and a delivery of the edge may wait for it. */
  checkPageRows: 500,
  /** After a page of a check, so many times as long belongs to whoever else has work: the intake above all. */
  checkRestTimes: 4,
  /** Customers of a store-day whose golden totals are compared in one query. */
  comparedCustomers: 100,
  /** Receipts of one customer beyond which totals are not added up again: a house account, which is nobody. */
  comparedReceipts: 5_000,
  /** In hundredths where the currency has them: less is coins that stuck together. */
  overShortMinor: 500,
  /** Closes of an operator that a trend is seen in, at least and at most, within so many days. */
  trendCloses: 6,
  trendMaxCloses: 12,
  trendDays: 31,
  /** In hundredths: a drawer that is off by less every day is no trend, but a habit of rounding. */
  trendMinor: 100,
  /** Rows of one exception that its evidence names, and store-days in one answer. */
  evidenceItems: 20,
  storeDayRows: 1_000,
  /**
   * Calls per second and at once: of one customer's app, one member of staff, one connector, and all tills of one store
   * together. A till calls at most 45 times a second and lane (`pushGapMs`, `pullGapMs`), so eight tills may catch up at full
   * speed before a store takes more than its share.
   */
  customerCallsPerSecond: 10,
  customerBurstCalls: 30,
  staffCallsPerSecond: 20,
  /** A page of an associate's asks for a customer's parts at once. */
  staffBurstCalls: 60,
  /** A retailer's own servers speak for many customers. */
  connectorCallsPerSecond: 200,
  connectorBurstCalls: 400,
  /** All tills of a store. */
  storeCallsPerSecond: 360,
  storeBurstCalls: 1_080,
  /** How often the centre asks the edge how its stores stand: each store's inbox is woken to answer. */
  edgeLookMs: 30_000,
  /** Customers of a shard are counted each time that somebody asks while they are few, and then once in so long. */
  fewCustomers: 1_000,
  customersCountedMs: 3_600_000,
  /** Stores on one page of the console; the next ones are on the next. */
  pageStoresRows: 250,
  /** Rows of a journal, of days, of tills on one page: as many as somebody reads at a sitting. */
  pageRows: 100,
  /** Two months of a store. */
  pageDaysRows: 60,
  /** Rows of a table as a file, put together in memory: a large store's busiest day has a few thousand. */
  fileRows: 20_000,
  /** Receipts of an open shift that the console adds up while somebody waits: a till sells a few hundred a day. */
  openShiftRows: 4_000,
  /** Openings, closings, counts, amendments of one store-day on a page. */
  dayNotableRows: 2_000,
  // The console, where people sign in:
  /** Who leaves the screen for an hour has gone; who works the whole day signs in once, in the morning. */
  sessionIdleMs: 60 * 60_000,
  sessionMaxMs: 12 * 3_600_000,
  /** How often it is written down that a session is in use: a write costs a disk its sync. */
  sessionSeenMs: 60_000,
  /** Desk, telephone, and the browsers that were not signed out of. The oldest make room. */
  personSessions: 20,
  /** From leaving for the identity provider to coming back, with a second factor looked for meanwhile. */
  signInMs: 10 * 60_000,
  /** A password is tried so often per name and quarter of an hour: at most a thousand guesses a day. */
  passwordTriesPerName: 10,
  passwordTriesMs: 15 * 60_000,
  /** Of all names together: each try takes about a tenth of a second of a core. */
  passwordTriesPerMinute: 120,
  /** Names whose tries are counted in memory, some hundred bytes each. */
  passwordTriedNames: 10_000,
  /** Refused sign-ins that the audit tells of: a guess a second, which is more than enough to see that somebody guesses. */
  toldStrangersPerMinute: 60,
  /** Sign-ins by the identity provider that are remembered as ended, each until it would be too old anyway. */
  signInJourneys: 10_000,
  /** Long enough that a thousand guesses a day find none; NIST SP 800-63B asks for at least eight. */
  passwordMinChars: 12,
  passwordMaxChars: 200,
  personNameChars: 64,
  /** A form with a file in it: a month of a card processor's settlement for a region. Kept in memory while it is read. */
  consoleFormBytes: 16 * 1024 * 1024,
  /** People on one page, and in one file: more than a head office has. */
  peopleRows: 100,
  peopleFileRows: 5_000,
  /** Entries of the audit on one page, and in one file. */
  auditPageRows: 100,
  auditFileRows: 20_000,
} as const;

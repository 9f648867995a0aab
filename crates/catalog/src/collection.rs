use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::collections::btree_map::{IntoValues, Values};
use std::iter::Map;

/// What a [`Collection`] holds: a thing that knows its own name.
pub trait Named {
    /// What tells it from its neighbours.
    type Name: Ord + Clone;

    /// Its name. Stays the same while it is in a collection.
    fn name(&self) -> &Self::Name;
}

/// Named things, at most one of each name, in the order of their names.
///
/// They are boxed: most collections have few things, and a map makes room for eleven at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection<T: Named>(BTreeMap<T::Name, Box<T>>);

/// Those of a collection, by name.
type Iter<'a, T> = Map<Values<'a, <T as Named>::Name, Box<T>>, fn(&'a Box<T>) -> &'a T>;

/// Those of a collection that nobody needs any more, by name.
type IntoIter<T> = Map<IntoValues<<T as Named>::Name, Box<T>>, fn(Box<T>) -> T>;

impl<T: Named> Default for Collection<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Named> Collection<T> {
    /// Puts `it` in and returns what had its name before.
    pub fn insert(&mut self, it: T) -> Option<T> {
        let before = self.0.insert(it.name().clone(), Box::new(it));
        before.map(|it| *it)
    }

    /// The one of that name.
    pub fn get<Q: Ord + ?Sized>(&self, name: &Q) -> Option<&T>
    where
        T::Name: Borrow<Q>,
    {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// The one of that name, to change anything but its name.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, name: &Q) -> Option<&mut T>
    where
        T::Name: Borrow<Q>,
    {
        self.0.get_mut(name).map(AsMut::as_mut)
    }

    /// The one of that name; `make` makes it, with that name, if there is none.
    pub fn get_or_insert_with(&mut self, name: &T::Name, make: impl FnOnce() -> T) -> &mut T {
        let entry = self.0.entry(name.clone());
        entry.or_insert_with(|| Box::new(make()))
    }

    /// Takes the one of that name out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, name: &Q) -> Option<T>
    where
        T::Name: Borrow<Q>,
    {
        self.0.remove(name).map(|it| *it)
    }

    /// Whether there is one of that name.
    pub fn contains<Q: Ord + ?Sized>(&self, name: &Q) -> bool
    where
        T::Name: Borrow<Q>,
    {
        self.0.contains_key(name)
    }

    /// All, by name.
    pub fn iter(&self) -> Iter<'_, T> {
        self.0.values().map(AsRef::as_ref)
    }

    /// All, by name, to change anything but their names.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.values_mut().map(AsMut::as_mut)
    }

    /// Keeps those that `keep` says yes to.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.0.retain(|_, it| keep(it));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Named> FromIterator<T> for Collection<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let pairs = items.into_iter();
        let pairs = pairs.map(|it| (it.name().clone(), Box::new(it)));
        Self(pairs.collect())
    }
}

impl<T: Named> Extend<T> for Collection<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for it in items {
            self.insert(it);
        }
    }
}

impl<T: Named> IntoIterator for Collection<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_values().map(|it| *it)
    }
}

impl<'a, T: Named> IntoIterator for &'a Collection<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl<T: Named + serde::Serialize> serde::Serialize for Collection<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de, T: Named + serde::Deserialize<'de>> serde::Deserialize<'de> for Collection<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<T>::deserialize(deserializer)?;
        let count = items.len();
        let found: Self = items.into_iter().collect();
        match found.len() == count {
            true => Ok(found),
            false => Err(serde::de::Error::custom("a name stands twice in a list")),
        }
    }
}

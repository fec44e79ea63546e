create table ping (word text not null);
